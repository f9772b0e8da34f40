#include "storage/media/video_writer.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <functional>
#include <iterator>
#include <memory>
#include <stdexcept>

#include "annotator/workflows/synth/frame_number.h"
#include "storage/media/video_reader.h"
#include "tests/support/temporary_folder.h"
#include "tests/support/video_fixtures.h"

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

// Grey and coloured fields, wide enough for coarse chroma.
schemas::Picture patches() {
    constexpr std::uint8_t colours[][3] = {{235, 30, 30},   {20, 200, 40}, {40, 60, 220},  {128, 128, 128},
                                           {250, 250, 250}, {5, 5, 5},     {230, 200, 40}, {40, 190, 200}};
    schemas::Picture picture = schemas::blank_picture(128, 96);
    for (int y = 0; y < 96; ++y)
        for (int x = 0; x < 128; ++x) {
            std::copy_n(colours[x / 32 + (y < 48 ? 0 : 4)], 3, picture.pixel(x, y));
            picture.pixel(x, y)[3] = 255;
        }
    return picture;
}

schemas::Picture first_frame_of(const std::filesystem::path& file, const VideoWriterOptions& options,
                                const schemas::Picture& picture) {
    VideoWriter writer(file, options);
    for (int frame = 0; frame < 3; ++frame) writer.add(picture, frame);
    writer.close();
    VideoReader reader(file, std::make_shared<VideoIndex>(tests::index_of(file)));
    return reader.frame(0).value().picture();
}

// In the middle of the patches.
int worst_difference(const schemas::Picture& a, const schemas::Picture& b) {
    REQUIRE(a.width == b.width);
    REQUIRE(a.height == b.height);
    int worst = 0;
    for (int y = 24; y < 96; y += 48)
        for (int x = 16; x < 128; x += 32)
            for (int channel = 0; channel < 3; ++channel)
                worst = std::max(worst, std::abs(a.pixel(x, y)[channel] - b.pixel(x, y)[channel]));
    return worst;
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

TEST_CASE("colours come back as they were given, whatever the matrix, range and depth") {
    const TemporaryFolder folder;
    for (const ColourMatrix matrix : {ColourMatrix::bt601, ColourMatrix::bt709, ColourMatrix::bt2020})
        for (const ColourRange range : {ColourRange::limited, ColourRange::full})
            for (const char* format : {"yuv420p", "yuv444p", "yuv420p10le"}) {
                CAPTURE(format);
                VideoWriterOptions options = small();
                options.matrix = matrix;
                options.range = range;
                options.pixel_format = format;
                options.quality = 5;
                CHECK(worst_difference(patches(), first_frame_of(folder.path() / "a.mp4", options, patches())) <= 8);
            }
}

TEST_CASE("FFV1 in RGB and motion JPEG keep colours, too") {
    const TemporaryFolder folder;
    VideoWriterOptions options = small();
    options.codec = "ffv1";
    options.pixel_format = "bgr0";
    options.matrix = ColourMatrix::rgb;
    CHECK(worst_difference(patches(), first_frame_of(folder.path() / "a.avi", options, patches())) == 0);
    options = small();
    options.codec = "mjpeg";
    options.quality = 2;
    CHECK(worst_difference(patches(), first_frame_of(folder.path() / "b.avi", options, patches())) <= 10);
}

TEST_CASE("what is transparent in a WebM comes back transparent") {
    const TemporaryFolder folder;
    VideoWriterOptions options = small();
    options.codec = "vp9";
    options.pixel_format = "yuva420p";
    options.preset = "8";
    schemas::Picture picture = patches();
    for (int y = 0; y < 96; ++y)
        for (int x = 0; x < 64; ++x) picture.pixel(x, y)[3] = 0;
    const schemas::Picture shown = first_frame_of(folder.path() / "a.webm", options, picture);
    CHECK(shown.pixel(20, 50)[3] < 20);
    CHECK(shown.pixel(100, 50)[3] > 235);
}

TEST_CASE("a picture that is noted as turned comes back upright") {
    const TemporaryFolder folder;
    VideoWriterOptions options = small();
    options.rotation_degrees = 90;
    options.quality = 5;
    const schemas::Picture shown = first_frame_of(folder.path() / "a.mov", options, patches());
    REQUIRE(shown.width == 96);
    REQUIRE(shown.height == 128);
    // The left of what is stored is the top of what is shown.
    CHECK(std::abs(shown.pixel(24, 10)[0] - patches().pixel(10, 71)[0]) < 10);
    CHECK(std::abs(shown.pixel(10, 10)[1] - patches().pixel(10, 85)[1]) < 10);
}

TEST_CASE("each container takes the sound that suits it") {
    const TemporaryFolder folder;
    const auto codec_in = [&](const char* name, const char* video, const char* wanted) {
        VideoWriterOptions options = small();
        options.codec = video;
        options.preset.clear();
        options.sound = VideoWriterOptions::Sound{48000, 2, wanted};
        VideoWriter writer(folder.path() / name, options);
        for (int frame = 0; frame < 10; ++frame) {
            writer.add(numbered(frame), frame);
            writer.add_sound(std::vector<float>(2 * 1920, 0.25F));
        }
        writer.close();
        return media_contents(folder.path() / name).streams.at(1).codec;
    };
    CHECK(codec_in("a.mp4", "h264", "") == "aac");
    CHECK(codec_in("a.mkv", "h264", "") == "flac");
    CHECK(codec_in("a.webm", "vp8", "") == "opus");
    CHECK(codec_in("a.avi", "mjpeg", "") == "pcm_s16le");
    CHECK(codec_in("b.mp4", "h264", "flac") == "flac");
    CHECK(codec_in("b.mov", "h264", "pcm_s16le") == "pcm_s16le");
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
