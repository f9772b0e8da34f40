#include "storage/media/matlab_depth.h"

#include <doctest/doctest.h>

#include <limits>

#include "storage/skeleton/readers.h"
#include "tests/support/depth_files.h"
#include "tests/support/no_recordings.h"
#include "tests/support/recording_files.h"
#include "tests/support/skeleton_measures.h"

namespace {

using tests::MatCompression;
using tests::read_error_of;
using tests::TemporaryFolder;
using tests::write_file;
using tests::write_mat;

constexpr std::size_t rows = 32, columns = 40, frames = 3;

// Row r, column c of frame f is 1000 f + 50 r + c, below 65536.
template <class Value>
std::vector<Value> stack() {
    std::vector<Value> values;
    for (std::size_t frame = 0; frame < frames; ++frame)
        for (std::size_t column = 0; column < columns; ++column)
            for (std::size_t row = 0; row < rows; ++row)
                values.push_back(static_cast<Value>(2000 * frame + 50 * row + column));
    return values;
}

std::filesystem::path sound_file(const TemporaryFolder& folder, MatCompression compression = MatCompression::zlib) {
    write_mat(folder.path() / "depth.mat", "depth", {rows, columns, frames}, stack<std::uint16_t>(), compression);
    return folder.path() / "depth.mat";
}

std::string open_error(const std::filesystem::path& file) {
    return read_error_of([&] { (void)storage::open_matlab_depth(file); });
}

}  // namespace

TEST_CASE("a MATLAB stack of depth is turned from columns to rows") {
    for (const MatCompression compression : {MatCompression::none, MatCompression::zlib}) {
        const TemporaryFolder folder;
        const auto reader = storage::open_matlab_depth(sound_file(folder, compression));
        CHECK(reader->frames() == 3);
        CHECK(reader->width() == 40);
        CHECK(reader->height() == 32);
        const storage::DepthFrame frame = reader->frame(2);
        CHECK(frame.values[0] == 4000);
        CHECK(frame.values[1] == 4001);
        CHECK(frame.values[columns] == 4050);
        CHECK(frame.values.back() == 4000 + 50 * 31 + 39);
        CHECK(reader->frame(0).values[1] == 1);
        CHECK(reader->problems().empty());
        CHECK_THROWS_AS((void)reader->frame(3), storage::ReadError);
    }
}

TEST_CASE("the only stack of pictures is the depth, whatever it is called") {
    const TemporaryFolder folder;
    const auto file = folder.path() / "take.mat";
    write_mat(file, "D", {rows, columns, frames}, stack<double>());
    CHECK(storage::is_matlab_depth(file));
    CHECK(storage::open_matlab_depth(file)->frame(1).values[columns] == 2050);
}

TEST_CASE("values that are no 16-bit numbers are cut to fit and counted") {
    const TemporaryFolder folder;
    auto values = stack<double>();
    values[0] = -3;
    values[rows] = 1e9;
    values[2 * rows] = 7.5;
    values[3 * rows] = std::numeric_limits<double>::quiet_NaN();
    write_mat(folder.path() / "a.mat", "depth", {rows, columns, frames}, values);
    const auto reader = storage::open_matlab_depth(folder.path() / "a.mat");
    const auto picture = reader->frame(0).values;
    CHECK(std::vector<std::uint16_t>(picture.begin(), picture.begin() + 4) ==
          std::vector<std::uint16_t>{0, 65535, 7, 0});
    CHECK(tests::mentions(reader->problems(), "4 values are no whole numbers"));
}

TEST_CASE("matrices of other things are no depth") {
    const TemporaryFolder folder;
    const auto file = folder.path() / "points.mat";
    write_mat(file, "points", {500, 17, 2}, std::vector<double>(500 * 17 * 2));
    CHECK_FALSE(storage::is_matlab_depth(file));
    CHECK(open_error(file).find("expected a variable 'depth' of rows x columns x frames, found 0") !=
          std::string::npos);
    CHECK_FALSE(storage::is_matlab_depth(write_file(folder, "text.mat", std::string(400, 'x'))));
    CHECK_FALSE(storage::is_matlab_depth(folder.path() / "missing.mat"));
}

TEST_CASE("every truncation of a MATLAB file is an error") {
    for (const MatCompression compression : {MatCompression::none, MatCompression::zlib}) {
        const TemporaryFolder folder;
        const std::string bytes = tests::bytes_of(sound_file(folder, compression));
        for (std::size_t cut = 0; cut < 64; ++cut) {
            CAPTURE(cut);
            CHECK_FALSE(
                open_error(write_file(folder, "cut.mat", std::string_view(bytes).substr(0, bytes.size() * cut / 64)))
                    .empty());
        }
    }
}

TEST_CASE("a MATLAB file with damaged bytes is an error or another picture, never a crash") {
    for (const MatCompression compression : {MatCompression::none, MatCompression::zlib}) {
        const TemporaryFolder folder;
        const std::string bytes = tests::bytes_of(sound_file(folder, compression));
        for (std::size_t at = 128; at < bytes.size(); at += at < 224 ? 1 : 997)
            for (const char flipped : {'\xFF', '\x01'}) {
                std::string damaged = bytes;
                damaged[at] = static_cast<char>(damaged[at] ^ flipped);
                const auto file = write_file(folder, "damaged.mat", damaged);
                try {
                    const auto reader = storage::open_matlab_depth(file);
                    (void)reader->frame(reader->frames() - 1);
                } catch (const storage::ReadError&) {
                }
            }
    }
}

TEST_CASE("283 MSR takes have as many frames of depth as of skeleton") {
    const auto folder = tests::recordings(KINETOGRAPH_SOURCE_DIR, "msr_action3d");
    if (folder.empty()) return tests::no_recordings();
    const auto files = tests::files_below(folder / "depth_mat", ".mat");
    CHECK(files.size() == 283);
    for (const auto& file : files) {
        CAPTURE(file.string());
        const auto depth = storage::depth_format_of(file)->open(file);
        const auto skeleton = folder / "skeleton_world" / (file.filename().string().substr(0, 11) + "_skeleton3D.txt");
        CHECK(depth->frames() == storage::skeleton_format_of(skeleton)->read(skeleton).sequence.frames());
        CHECK(depth->width() == 320);
        CHECK(depth->height() == 240);
        CHECK(depth->problems().empty());
    }
}

TEST_CASE("keypoints of a dance clip are no depth") {
    const auto folder = tests::recordings(KINETOGRAPH_SOURCE_DIR, "contemporary_clip");
    if (folder.empty()) return tests::no_recordings();
    CHECK(storage::depth_format_of(folder / "phrase.keypoints.mat") == nullptr);
}
