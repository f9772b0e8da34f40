#include "storage/media/video_writer.h"

#include <doctest/doctest.h>

#include <fstream>
#include <functional>
#include <iterator>
#include <stdexcept>

#include "annotator/workflows/synth/frame_number.h"
#include "tests/support/temporary_folder.h"

namespace storage {
namespace {

using tests::TemporaryFolder;

VideoWriterOptions small() {
    VideoWriterOptions options;
    options.width = 128;
    options.height = 96;
    options.time_base_denominator = 25;
    options.declared_rate = schemas::FrameRate{25, 1};
    options.preset = "ultrafast";
    return options;
}

schemas::Picture numbered(int number) {
    schemas::Picture picture = schemas::blank_picture(128, 96);
    annotator::synth::paint_frame_number(picture, number);
    return picture;
}

std::string bytes_of(const std::filesystem::path& file) {
    std::ifstream stream(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(stream), {}};
}

// What the attempt says when it fails, else "".
std::string refusal(const std::function<void()>& attempt) {
    try {
        attempt();
    } catch (const std::exception& error) {
        return error.what();
    }
    return "";
}

void write(const std::filesystem::path& file, const VideoWriterOptions& options, std::initializer_list<int> pts) {
    VideoWriter writer(file, options);
    int number = 0;
    for (const int time : pts) writer.add(numbered(number++), time);
    writer.close();
}

bool says(const std::string& message, const std::string& part) { return message.find(part) != std::string::npos; }

}  // namespace

TEST_CASE("a time that Matroska would round is refused") {
    const TemporaryFolder folder;
    VideoWriterOptions options = small();
    options.time_base_denominator = 30;
    const std::string message = refusal([&] { write(folder.path() / "dance.mkv", options, {0, 3, 4}); });
    CHECK(says(message, "dance.mkv: frame 2 at pts 4 of 1/30 s would be rounded"));
    CHECK(says(message, "counts in 1/1000 s"));
}

TEST_CASE("AVI takes frames at its constant rate only") {
    const TemporaryFolder folder;
    VideoWriterOptions options = small();
    options.codec = "mjpeg";
    CHECK(refusal([&] { write(folder.path() / "even.avi", options, {0, 1, 2}); }) == "");
    CHECK(says(refusal([&] { write(folder.path() / "gap.avi", options, {0, 1, 3}); }), "not at the declared rate"));
    options.declared_rate.reset();
    CHECK(says(refusal([&] { write(folder.path() / "free.avi", options, {0}); }), "constant rate only"));
}

TEST_CASE("frames must come in the order of presentation") {
    const TemporaryFolder folder;
    CHECK(says(refusal([&] {
                   write(folder.path() / "back.mp4", small(), {0, 2, 2});
               }),
               "frame 2 at pts 2 must come after the frame before it, at 2"));
}

TEST_CASE("frames before zero need a container with edit lists") {
    const TemporaryFolder folder;
    CHECK(refusal([&] { write(folder.path() / "early.mp4", small(), {-2, -1, 0}); }).empty());
    VideoWriterOptions options = small();
    CHECK(says(refusal([&] { write(folder.path() / "early.mkv", options, {-2, -1, 0}); }), "is before 0"));
}

TEST_CASE("a video writer says in words what it cannot write") {
    const TemporaryFolder folder;
    const auto message = [&](const char* name, auto change) {
        VideoWriterOptions options = small();
        change(options);
        return refusal([&] { VideoWriter(folder.path() / name, options); });
    };
    CHECK(says(message("dance.xyz", [](VideoWriterOptions&) {}), "use .mp4 .mov .mkv"));
    CHECK(says(message("a.mp4", [](VideoWriterOptions& o) { o.codec = "theora"; }), "no codec is called theora"));
    CHECK(says(message("a.mp4", [](VideoWriterOptions& o) { o.pixel_format = "yuv9"; }), "no pixel format"));
    CHECK(says(message("a.mp4", [](VideoWriterOptions& o) { o.width = 127; }), "127x96 must be even"));
    CHECK(says(message("a.mp4", [](VideoWriterOptions& o) { o.width = 0; }), "0x96 cannot be written"));
    CHECK(says(message("a.webm", [](VideoWriterOptions&) {}), "webm cannot hold h264"));
    CHECK(says(message("a.mkv", [](VideoWriterOptions& o) { o.rotation_degrees = 90; }), "only MP4 and MOV"));
    CHECK(says(message("a.mkv", [](VideoWriterOptions& o) { o.codec = "vp9", o.b_frames = 2; }), "no B-frames"));
    CHECK(says(message("none/a.mp4", [](VideoWriterOptions&) {}), "No such file or directory"));
}

TEST_CASE("a picture of another size or kind is refused") {
    const TemporaryFolder folder;
    VideoWriter writer(folder.path() / "a.mp4", small());
    CHECK_THROWS_AS(writer.add(schemas::blank_picture(64, 96), 0), std::invalid_argument);
    CHECK_THROWS_AS(writer.add(schemas::Picture{128, 96, {}}, 0), std::invalid_argument);
    CHECK_THROWS_AS(writer.add(DepthFrame{128, 96, std::vector<std::uint16_t>(128 * 96)}, 0), std::invalid_argument);
    CHECK_THROWS_AS(writer.close(), std::runtime_error);
}

TEST_CASE("a full disk is reported") {
    if (!std::filesystem::exists("/dev/full")) return;
    VideoWriterOptions options = small();
    options.container = "mp4";
    CHECK(says(refusal([&] { write("/dev/full", options, {0, 1, 2}); }), "No space left on device"));
}

TEST_CASE("the same frames and sound write the same bytes") {
    const TemporaryFolder folder;
    VideoWriterOptions options = small();
    options.sound = VideoWriterOptions::Sound{};
    for (const char* name : {"first.mkv", "second.mkv"}) {
        VideoWriter writer(folder.path() / name, options);
        for (int frame = 0; frame < 10; ++frame) {
            writer.add(numbered(frame), frame);
            writer.add_sound(std::vector<float>(1920, 0.25F));
        }
        writer.close();
    }
    CHECK(bytes_of(folder.path() / "first.mkv") == bytes_of(folder.path() / "second.mkv"));
}

}  // namespace storage
