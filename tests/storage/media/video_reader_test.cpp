#include "storage/media/video_reader.h"

#include <doctest/doctest.h>

#include <fstream>
#include <functional>

#include "storage/media/frame_cache.h"
#include "storage/media/video_writer.h"
#include "storage/read_error.h"
#include "tests/support/no_recordings.h"
#include "tests/support/recording_files.h"
#include "tests/support/temporary_folder.h"

namespace storage {
namespace {

using tests::TemporaryFolder;

constexpr int frames = 120, group = 40;

// Frame i is all of grey 2 i.
schemas::Picture grey(int frame) {
    schemas::Picture picture = schemas::blank_picture(64, 48);
    for (std::size_t place = 0; place < picture.rgba.size(); ++place)
        picture.rgba[place] = place % 4 == 3 ? std::uint8_t{255} : static_cast<std::uint8_t>(2 * frame);
    return picture;
}

std::filesystem::path film(const TemporaryFolder& folder, VideoWriterOptions options = {}) {
    options.width = 64;
    options.height = 48;
    options.time_base_denominator = 25;
    options.group_length = group;
    options.b_frames = 2;
    options.preset = "ultrafast";
    options.quality = 10;
    const std::filesystem::path file = folder.path() / "film.mp4";
    VideoWriter writer(file, options);
    for (int frame = 0; frame < frames; ++frame) writer.add(grey(frame), frame);
    writer.close();
    return file;
}

VideoReader reader_of(const std::filesystem::path& file, std::size_t budget = std::size_t{64} << 20U) {
    auto index = scan_video(file, {}, [](double) {}, {});
    return {file, std::make_shared<const VideoIndex>(std::move(*index)), {std::make_shared<FrameCache>(budget), 1}};
}

// The frame that the picture shows.
int shown(const VideoFrame& frame) { return (frame.picture().pixel(32, 24)[1] + 1) / 2; }

std::string refusal(const std::function<void()>& attempt) {
    try {
        attempt();
    } catch (const ReadError& error) {
        return error.what();
    }
    return "";
}

constexpr std::size_t no_cache = 1;

}  // namespace

TEST_CASE("a walk forwards seeks once and decodes each frame once") {
    const TemporaryFolder folder;
    VideoReader reader = reader_of(film(folder), no_cache);
    for (int frame = 0; frame < frames; ++frame) CHECK(shown(*reader.frame(frame)) == frame);
    CHECK(reader.stats().seeks == 1);
    CHECK(reader.stats().packets == frames);
    CHECK(reader.stats().decoded == frames);
    CHECK(reader.stats().requests == frames);
}

TEST_CASE("a far frame is reached from its key frame, past frames that nothing depends on") {
    const TemporaryFolder folder;
    VideoReader reader = reader_of(film(folder), no_cache);
    CHECK(shown(*reader.frame(2 * group + 30)) == 2 * group + 30);
    CHECK(reader.stats().seeks == 1);
    CHECK(reader.stats().skipped >= 8);
    CHECK(reader.stats().packets + reader.stats().skipped <= 40);
}

TEST_CASE("a near frame further on is reached without a seek") {
    const TemporaryFolder folder;
    VideoReader reader = reader_of(film(folder), no_cache);
    (void)reader.frame(5);
    CHECK(shown(*reader.frame(12)) == 12);
    CHECK(shown(*reader.frame(group - 2)) == group - 2);
    CHECK(shown(*reader.frame(group + 3)) == group + 3);
    CHECK(reader.stats().seeks == 1);
}

TEST_CASE("a far frame is reached by a seek rather than through groups in between") {
    const TemporaryFolder folder;
    VideoReader reader = reader_of(film(folder), no_cache);
    (void)reader.frame(0);
    CHECK(shown(*reader.frame(2 * group + 1)) == 2 * group + 1);
    CHECK(reader.stats().seeks == 2);
    CHECK(reader.stats().packets < 20);
}

TEST_CASE("a walk backwards decodes each group about once") {
    const TemporaryFolder folder;
    VideoReader reader = reader_of(film(folder));
    for (int frame = frames; frame-- > 0;) CHECK(shown(*reader.frame(frame)) == frame);
    CHECK(reader.stats().packets < 2 * frames);
    CHECK(reader.stats().cached > frames - 12);
}

TEST_CASE("a walk backwards in a small cache costs far less than a group a step") {
    const TemporaryFolder folder;
    VideoReader probe = reader_of(film(folder));
    const std::size_t frame_bytes = probe.frame(0)->bytes();
    VideoReader reader = reader_of(folder.path() / "film.mp4", 20 * frame_bytes);
    for (int frame = frames; frame-- > 0;) CHECK(shown(*reader.frame(frame)) == frame);
    CHECK(reader.stats().packets < 5 * frames);
}

TEST_CASE("a frame that is asked for again costs nothing") {
    const TemporaryFolder folder;
    VideoReader reader = reader_of(film(folder));
    (void)reader.frame(50);
    const SeekStats before = reader.stats();
    CHECK(shown(*reader.frame(50)) == 50);
    CHECK(reader.stats().cached == before.cached + 1);
    CHECK(reader.stats().packets == before.packets);
}

TEST_CASE("leading pictures of an open group come out whole") {
    const TemporaryFolder folder;
    VideoWriterOptions options;
    options.groups = VideoWriterOptions::Groups::open;
    VideoReader reader = reader_of(film(folder, options), no_cache);
    for (const int frame : {2 * group - 1, group - 2, 2 * group, group + 1, 2 * group - 2, group - 1})
        CHECK(shown(*reader.frame(frame)) == frame);
}

TEST_CASE("a stopped request gives nothing, and the next one is right") {
    const TemporaryFolder folder;
    VideoReader reader = reader_of(film(folder), no_cache);
    std::stop_source stop;
    stop.request_stop();
    CHECK_FALSE(reader.frame(70, stop.get_token()));
    CHECK(shown(*reader.frame(70)) == 70);
    CHECK_FALSE(reader.frame(10, stop.get_token()));
    CHECK(shown(*reader.frame(71)) == 71);
    CHECK(shown(*reader.frame(10)) == 10);
}

TEST_CASE("a frame that is not there is out of range") {
    const TemporaryFolder folder;
    VideoReader reader = reader_of(film(folder));
    CHECK_THROWS_AS((void)reader.frame(-1), std::out_of_range);
    CHECK_THROWS_AS((void)reader.frame(frames), std::out_of_range);
}

TEST_CASE("a file of another length than was indexed is refused") {
    const TemporaryFolder folder;
    const auto file = film(folder);
    const auto index = std::make_shared<const VideoIndex>(*scan_video(file, {}, [](double) {}, {}));
    std::ofstream(file, std::ios::app) << "more";
    CHECK(refusal([&] { VideoReader{file, index}; }).find("it has changed since it was imported") != std::string::npos);
}

TEST_CASE("a file that changes while it is open is refused") {
    const TemporaryFolder folder;
    const auto file = film(folder);
    VideoReader reader = reader_of(file, no_cache);
    (void)reader.frame(0);
    std::ofstream(file, std::ios::app) << "more";
    CHECK(refusal([&] { (void)reader.frame(90); }) ==
          "film.mp4: the file has changed while it was open. Import it again.");
}

TEST_CASE("a promise that a packet does not keep is an error that names the frame") {
    const TemporaryFolder folder;
    const auto file = film(folder);
    auto index = *scan_video(file, {}, [](double) {}, {});
    REQUIRE(index.method == ScanMethod::packets);
    // Zeros where the coded picture should be: the length of its unit no longer fits.
    const IndexedPacket damaged = index.packets[static_cast<std::size_t>(index.frames[60].packet)];
    {
        std::fstream bytes(file, std::ios::in | std::ios::out | std::ios::binary);
        bytes.seekp(damaged.position);
        bytes << std::string(static_cast<std::size_t>(damaged.size), '\xff');
    }
    VideoReader reader(file, std::make_shared<const VideoIndex>(std::move(index)),
                       {std::make_shared<FrameCache>(no_cache), 1});
    CHECK(refusal([&] { (void)reader.frame(60); }).starts_with("film.mp4: frame 60 cannot be decoded"));
    CHECK(shown(*reader.frame(100)) == 100);
}

TEST_CASE("a frame is the same however it is reached, in every awkward video") {
    const auto folder = tests::recordings(KINETOGRAPH_SOURCE_DIR, "awkward_video");
    if (folder.empty()) return tests::no_recordings();
    for (const std::string name :
         {"corrupted.mp4", "h265_video.mp4", "unordered.mov", "video_90.mov", "no_duration.webm"}) {
        CAPTURE(name);
        VideoReader walking = reader_of(folder / name, no_cache), jumping = reader_of(folder / name, no_cache);
        const schemas::FrameIndex count = walking.index().size();
        std::vector<schemas::Picture> pictures;
        for (schemas::FrameIndex frame = 0; frame < count; ++frame)
            pictures.push_back(walking.frame(frame)->picture(64));
        for (schemas::FrameIndex step = 0; step < count; ++step) {
            const schemas::FrameIndex frame = (step * 7 + 3) % count;
            CHECK(jumping.frame(frame)->picture(64) == pictures[static_cast<std::size_t>(frame)]);
        }
    }
}

}  // namespace storage
