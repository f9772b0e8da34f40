#include "storage/media/msr_depth_bin.h"

#include <doctest/doctest.h>

#include "tests/support/depth_files.h"
#include "tests/support/no_recordings.h"
#include "tests/support/recording_files.h"
#include "tests/support/skeleton_measures.h"

namespace {

using tests::little_endian;
using tests::read_error_of;
using tests::TemporaryFolder;
using tests::write_file;

// Two frames of 3x2 pixels that count from 1.
const std::string two_frames = little_endian({2, 3, 2, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12});

std::string open_error(const std::string& bytes) {
    const TemporaryFolder folder;
    return read_error_of([&] { (void)storage::open_msr_depth_bin(write_file(folder, "a_sdepth.bin", bytes)); });
}

}  // namespace

TEST_CASE("MSR depth is frames, columns, rows and then rows of pixels") {
    const TemporaryFolder folder;
    const auto reader = storage::open_msr_depth_bin(write_file(folder, "a_sdepth.bin", two_frames));
    CHECK(reader->frames() == 2);
    CHECK(reader->width() == 3);
    CHECK(reader->height() == 2);
    CHECK(reader->frame(1).values == std::vector<std::uint16_t>{7, 8, 9, 10, 11, 12});
    CHECK(reader->frame(0).values[3] == 4);
    CHECK(reader->problems().empty());
}

TEST_CASE("a frame that is not there is an error") {
    const TemporaryFolder folder;
    const auto reader = storage::open_msr_depth_bin(write_file(folder, "a_sdepth.bin", two_frames));
    CHECK_THROWS_AS((void)reader->frame(2), storage::ReadError);
    CHECK_THROWS_AS((void)reader->frame(-1), storage::ReadError);
}

TEST_CASE("depth that is shorter or longer than declared keeps its whole frames and says so") {
    const TemporaryFolder folder;
    const auto shorter =
        storage::open_msr_depth_bin(write_file(folder, "s.bin", two_frames.substr(0, two_frames.size() - 1)));
    CHECK(shorter->frames() == 1);
    CHECK(shorter->frame(0).values[5] == 6);
    CHECK(tests::mentions(shorter->problems(),
                          "it declares 2 frames in 60 bytes and has 59; its first 1 frames are read"));
    const auto longer = storage::open_msr_depth_bin(write_file(folder, "l.bin", two_frames + "xx"));
    CHECK(longer->frames() == 2);
    CHECK(longer->problems().size() == 1);
}

TEST_CASE("depth beyond 16 bits is clamped and reported once") {
    const TemporaryFolder folder;
    const auto reader =
        storage::open_msr_depth_bin(write_file(folder, "a.bin", little_endian({1, 3, 1, -5, 70000, 9})));
    CHECK(reader->problems().empty());
    CHECK(reader->frame(0).values == std::vector<std::uint16_t>{0, 65535, 9});
    (void)reader->frame(0);
    CHECK(reader->problems() ==
          std::vector<storage::ReadProblem>{{"values outside 0 to 65535 were clamped", schemas::FrameSpan{0, 1}}});
}

TEST_CASE("hostile depth headers are refused before they take memory") {
    constexpr std::int32_t huge = 0x7FFFFFFF;
    for (const auto& header : std::vector<std::vector<std::int32_t>>{
             {huge, huge, huge}, {-1, 320, 240}, {1, -320, -240}, {0, 320, 240}, {1, 0, 240}, {huge, 16384, 16384}})
        CHECK_FALSE(open_error(little_endian(header) + std::string(100, 'x')).empty());
}

TEST_CASE("every truncation of depth is an error or a problem") {
    const TemporaryFolder folder;
    for (std::size_t cut = 0; cut < two_frames.size(); ++cut) {
        CAPTURE(cut);
        const auto file = write_file(folder, "a.bin", std::string_view(two_frames).substr(0, cut));
        std::vector<storage::ReadProblem> problems;
        const std::string error = read_error_of([&] { problems = storage::open_msr_depth_bin(file)->problems(); });
        CHECK((!error.empty() || !problems.empty()));
    }
}

TEST_CASE("the layout of MSR-DailyActivity3D is named and refused") {
    CHECK(open_error(little_endian({1, 4, 2}) + std::string(40, '\0')).find("MSR-DailyActivity3D") !=
          std::string::npos);
}

TEST_CASE("a binary file of another kind is no depth") {
    const TemporaryFolder folder;
    CHECK_FALSE(storage::is_msr_depth_bin(write_file(folder, "weights.bin", std::string(500, 'w'))));
    CHECK_FALSE(storage::is_msr_depth_bin(write_file(folder, "empty.bin", "")));
    CHECK(storage::is_msr_depth_bin(write_file(folder, "take.bin", two_frames)));
    CHECK(storage::is_msr_depth_bin(write_file(folder, "a_sdepth.bin", "cut")));
}

TEST_CASE("one take is the same depth from .bin and from .mat") {
    const auto folder = tests::recordings(KINETOGRAPH_SOURCE_DIR, "msr_action3d");
    if (folder.empty()) return tests::no_recordings();
    const auto bin = folder / "depth_bin/a04_s01_e03_sdepth.bin";
    const auto mat = folder / "depth_mat/a04_s01_e03_sdepth.mat";
    const auto a = storage::depth_format_of(bin)->open(bin);
    const auto b = storage::depth_format_of(mat)->open(mat);
    REQUIRE(a->frames() == b->frames());
    for (schemas::FrameIndex frame = 0; frame < a->frames(); ++frame)
        CHECK(a->frame(frame).values == b->frame(frame).values);
}
