#include "storage/media/depth_writer.h"

#include <doctest/doctest.h>

#include <stdexcept>

#include "storage/media/depth_range.h"
#include "storage/media/matlab_depth.h"
#include "storage/media/msr_depth_bin.h"
#include "storage/media/video_depth.h"
#include "storage/media/video_writer.h"
#include "tests/support/depth_files.h"
#include "tests/support/no_recordings.h"
#include "tests/support/recording_files.h"
#include "tests/support/skeleton_measures.h"

using namespace storage;
using tests::TemporaryFolder;

namespace {

// Five frames of 40x30 that use all sixteen bits.
std::filesystem::path sixteen_bits(const TemporaryFolder& folder) {
    std::vector<std::int32_t> values{5, 40, 30};
    for (int i = 0; i < 5 * 40 * 30; ++i) values.push_back(i % 7 == 0 ? 0 : (i * 4801) % 65536);
    return tests::write_file(folder, "all_depth.bin", tests::little_endian(values));
}

void check_same_frames(DepthReader& one, DepthReader& other) {
    REQUIRE(one.frames() == other.frames());
    CHECK(one.width() == other.width());
    CHECK(one.height() == other.height());
    for (schemas::FrameIndex index = 0; index < one.frames(); ++index)
        CHECK(one.frame(index).values == other.frame(index).values);
}

DepthVideoOptions at(std::int64_t rate) {
    DepthVideoOptions options;
    options.rate = {rate, 1};
    return options;
}

}  // namespace

TEST_CASE("a depth video holds every value of every frame, its unit, range and times") {
    const TemporaryFolder folder;
    const auto recording = open_msr_depth_bin(sixteen_bits(folder));
    DepthVideoOptions options = at(15);
    options.unit = {0.00025, "made for this test: ä"};
    const auto file = folder.path() / "Tiefe – 深.mkv";
    const auto range = write_depth_video(*recording, file, options);
    REQUIRE(range);
    CHECK(is_depth_video(file));
    CHECK(depth_format_of(file)->name == "depth-video");
    const auto video = open_depth_video(file);
    check_same_frames(*recording, *video);
    CHECK(video->unit() == *options.unit);
    CHECK(video->declared_range() == range);
    CHECK(depth_range(*video) == range);
    CHECK(video->problems().empty());
    REQUIRE(video->times());
    CHECK(video->times()->seconds == std::vector<double>{0, 0.067, 0.133, 0.2, 0.267});
    CHECK_THROWS_AS((void)video->frame(5), ReadError);
    CHECK_THROWS_AS((void)video->frame(-1), ReadError);
}

TEST_CASE("a copy of a depth video keeps its unit and times") {
    const TemporaryFolder folder;
    const auto recording = open_msr_depth_bin(sixteen_bits(folder));
    DepthVideoOptions options = at(30);
    options.unit = {0.001, "millimetres"};
    (void)write_depth_video(*recording, folder.path() / "a.mkv", options);
    const auto first = open_depth_video(folder.path() / "a.mkv");
    (void)write_depth_video(*first, folder.path() / "b.mkv", {});
    const auto second = open_depth_video(folder.path() / "b.mkv");
    check_same_frames(*recording, *second);
    CHECK(second->unit() == *options.unit);
    CHECK(second->times()->seconds == first->times()->seconds);
}

TEST_CASE("a depth video whose unit nobody knows says so") {
    const TemporaryFolder folder;
    const auto recording = open_msr_depth_bin(sixteen_bits(folder));
    (void)write_depth_video(*recording, folder.path() / "a.mkv", at(15));
    CHECK_FALSE(open_depth_video(folder.path() / "a.mkv")->unit().metres);
}

TEST_CASE("a depth video is whole or not there") {
    const TemporaryFolder folder;
    const auto recording = open_msr_depth_bin(sixteen_bits(folder));
    const auto file = folder.path() / "a.mkv";
    std::stop_source stop;
    stop.request_stop();
    CHECK_FALSE(write_depth_video(*recording, file, at(15), stop.get_token()));
    CHECK_THROWS_AS((void)write_depth_video(*recording, file, {}), std::invalid_argument);
    CHECK_THROWS_AS((void)write_depth_video(*recording, folder.path() / "nowhere" / "a.mkv", at(15)),
                    std::runtime_error);
    CHECK(std::distance(std::filesystem::directory_iterator(folder.path()), {}) == 1);
}

TEST_CASE("a video in colour is no depth") {
    const TemporaryFolder folder;
    VideoWriterOptions options;
    options.codec = "mjpeg";
    options.width = options.height = 64;
    options.pixel_format = "yuvj420p";
    const auto file = folder.path() / "a.mkv";
    VideoWriter writer(file, options);
    writer.add(schemas::blank_picture(64, 64), 0);
    writer.add(schemas::blank_picture(64, 64), 40);
    writer.close();
    CHECK_FALSE(is_depth_video(file));
    CHECK(depth_format_of(file) == nullptr);
    CHECK(tests::read_error_of([&] { (void)open_depth_video(file); }).starts_with("a.mkv: this video is no depth"));
}

TEST_CASE("deep grey is depth, whatever else is deep or grey is not") {
    for (const char* name : {"gray16le", "gray16be", "gray14le", "gray12le", "gray10le", "gray9be"})
        CHECK(is_depth_pixel_format(name));
    for (const char* name : {"gray", "ya16le", "yuv420p10le", "rgb48le", "grayf32le", "pal8", "", "nonsense"})
        CHECK_FALSE(is_depth_pixel_format(name));
}

TEST_CASE("a depth video cut off anywhere keeps its whole frames or is an error") {
    const TemporaryFolder folder;
    const auto recording = open_msr_depth_bin(sixteen_bits(folder));
    (void)write_depth_video(*recording, folder.path() / "a.mkv", at(15));
    const std::string bytes = tests::bytes_of(folder.path() / "a.mkv");
    for (std::size_t part = 0; part < 32; ++part) {
        const auto file = tests::write_file(folder, "cut.mkv", bytes.substr(0, bytes.size() * part / 32));
        (void)tests::read_error_of([&] {
            const auto cut = open_depth_video(file);
            CHECK(cut->frames() < 5);
            CHECK_FALSE(cut->problems().empty());
            for (schemas::FrameIndex index = 0; index < cut->frames(); ++index)
                CHECK(cut->frame(index).values == recording->frame(index).values);
        });
    }
}

TEST_CASE("slow: real MSR takes come back from FFV1 value by value") {
    const auto folder = tests::recordings(KINETOGRAPH_SOURCE_DIR, "msr_action3d/depth_mat");
    if (folder.empty()) return tests::no_recordings();
    const auto takes = tests::files_below(folder, ".mat");
    const TemporaryFolder made;
    for (std::size_t take = 0; take < takes.size(); take += 29) {
        CAPTURE(takes[take]);
        const auto recording = open_matlab_depth(takes[take]);
        const auto file = made.path() / "take.mkv";
        const auto range = write_depth_video(*recording, file, at(15));
        const auto video = open_depth_video(file);
        check_same_frames(*recording, *video);
        CHECK(video->unit() == recording->unit());
        CHECK(video->unit().metres == 0.005);
        CHECK(video->declared_range() == range);
    }
}
