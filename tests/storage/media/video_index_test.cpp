#include "storage/media/video_index.h"

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include <chrono>
#include <cmath>
#include <fstream>
#include <functional>

#include "storage/hash.h"
#include "storage/media/video_reader.h"
#include "storage/media/video_writer.h"
#include "storage/read_error.h"
#include "tests/support/no_recordings.h"
#include "tests/support/recording_files.h"
#include "tests/support/temporary_folder.h"

namespace storage {
namespace {

using tests::TemporaryFolder;
using Thoroughness = ScanOptions::Thoroughness;

VideoIndex scanned(const std::filesystem::path& file, ScanOptions options = {}) {
    auto index = scan_video(file, options, [](double) {}, {});
    REQUIRE(index);
    return std::move(*index);
}

std::string refusal(const std::function<void()>& attempt) {
    try {
        attempt();
    } catch (const ReadError& error) {
        return error.what();
    }
    return "";
}

std::string scan_refusal(const std::filesystem::path& file, ScanOptions options = {}) {
    return refusal([&] { (void)scanned(file, options); });
}

// A small video of `frames` pictures, each of another grey.
std::filesystem::path film(const TemporaryFolder& folder, const std::string& name, VideoWriterOptions options,
                           int frames = 30, int first_pts = 0) {
    options.width = 64;
    options.height = 48;
    options.time_base_denominator = 25;
    options.declared_rate = schemas::FrameRate{25, 1};
    options.group_length = 10;
    if (options.codec.starts_with("h26") || options.codec == "hevc") options.preset = "ultrafast";
    const std::filesystem::path file = folder.path() / name;
    VideoWriter writer(file, options);
    for (int frame = 0; frame < frames; ++frame) {
        schemas::Picture picture = schemas::blank_picture(64, 48);
        for (std::size_t place = 0; place < picture.rgba.size(); ++place)
            picture.rgba[place] = place % 4 == 3 ? std::uint8_t{255} : static_cast<std::uint8_t>(8 * frame);
        writer.add(picture, first_pts + frame);
    }
    if (options.sound) writer.add_sound(std::vector<float>(48000));
    writer.close();
    return file;
}

void shorten(const std::filesystem::path& file, double share) {
    std::filesystem::resize_file(file, static_cast<std::uintmax_t>(share * static_cast<double>(file_size(file))));
}

std::filesystem::path awkward() { return tests::recordings(KINETOGRAPH_SOURCE_DIR, "awkward_video"); }

}  // namespace

TEST_CASE("packets and decoding make the same index") {
    const TemporaryFolder folder;
    for (const auto& [name, codec] : std::initializer_list<std::pair<std::string, std::string>>{{"a.mp4", "h264"},
                                                                                                {"a.mkv", "hevc"},
                                                                                                {"a.webm", "vp9"},
                                                                                                {"b.mkv", "vp8"},
                                                                                                {"c.mkv", "ffv1"},
                                                                                                {"d.mov", "mjpeg"}}) {
        CAPTURE(name);
        VideoWriterOptions options;
        options.codec = codec;
        options.b_frames = options.codec.starts_with("h") ? 2 : 0;
        if (options.codec == "mjpeg") options.pixel_format = "yuvj420p";
        const auto file = film(folder, name, options);
        const VideoIndex quick = scanned(file),
                         thorough = scanned(file, {.stream = {}, .thoroughness = Thoroughness::decode_everything});
        CHECK(quick.method == ScanMethod::packets);
        CHECK(thorough.method == ScanMethod::decoding);
        CHECK(quick.size() == 30);
        CHECK(std::ranges::equal(quick.frames, thorough.frames, [](const IndexedFrame& a, const IndexedFrame& b) {
            return a.pts == b.pts && a.duration == b.duration && a.packet == b.packet && a.key == b.key;
        }));
        CHECK(quick.undecoded.empty());
        CHECK(quick.problems.empty());
        CHECK(quick.sha256 == sha256_of_file(file));
        CHECK(quick.file_bytes == static_cast<std::int64_t>(file_size(file)));
    }
}

TEST_CASE("containers whose packets promise nothing are decoded") {
    const TemporaryFolder folder;
    VideoWriterOptions options;
    options.codec = "mpeg4";
    CHECK(scanned(film(folder, "a.avi", options)).method == ScanMethod::decoding);
    options.codec = "h264";
    CHECK(scanned(film(folder, "a.ts", options)).method == ScanMethod::decoding);
}

TEST_CASE("a file that was cut off keeps the frames that are left and says so") {
    const TemporaryFolder folder;
    const auto file = film(folder, "cut.mkv", {});
    shorten(file, 0.6);
    const VideoIndex index = scanned(file);
    CHECK(index.size() > 10);
    CHECK(index.size() < 30);
    CHECK(std::ranges::is_sorted(index.frames, {}, &IndexedFrame::pts));
}

TEST_CASE("a scan stops when it is told to") {
    const TemporaryFolder folder;
    const auto file = film(folder, "a.mp4", {});
    std::stop_source stop;
    stop.request_stop();
    CHECK_FALSE(scan_video(
        file, {}, [](double) {}, stop.get_token()));
}

TEST_CASE("progress only grows and ends at 1") {
    const TemporaryFolder folder;
    VideoWriterOptions options;
    options.codec = "mpeg4";
    double last = 0;
    (void)scan_video(film(folder, "a.avi", options), {},
                     [&](double share) {
                         CHECK(share >= last);
                         last = share;
                     },
                     {});
    CHECK(last == 1);
}

TEST_CASE("what is no video is refused in words") {
    const TemporaryFolder folder;
    CHECK(scan_refusal(folder.path() / "none.mp4") == "none.mp4: could not be opened: No such file or directory.");
    CHECK(scan_refusal(folder.path()).ends_with(": this is a folder, expected a recording."));
    CHECK(scan_refusal(folder.file("empty.mp4", "")) == "empty.mp4: the file is empty.");
    CHECK(scan_refusal(folder.file("zeros.mp4", std::string(5000, '\0'))).starts_with("zeros.mp4: "));
    CHECK(scan_refusal(folder.file("notes.mp4", "just some words\n")).starts_with("notes.mp4: "));
    CHECK(scan_refusal(folder.file("list.m3u8", "#EXTM3U\n#EXT-X-VERSION:3\n#EXTINF:1,\n/etc/passwd\n"))
              .starts_with("list.m3u8: "));
    CHECK(scan_refusal(folder.file("list.ffconcat", "ffconcat version 1.0\nfile /etc/passwd\n"))
              .starts_with("list.ffconcat: expected a video or sound, found"));
}

TEST_CASE("a name of any bytes is only a name") {
    const TemporaryFolder folder;
    for (const std::string name :
         {"http:example.mkv", "t\xc3\xa4nzerin \xe2\x98\x85.mkv", "\xff\xfe.mkv", "%d.mkv", "a|b.mkv"})
        CHECK(scanned(film(folder, name, {}, 3)).size() == 3);
}

TEST_CASE("pictures that are larger than allowed are refused") {
    const TemporaryFolder folder;
    const auto file = film(folder, "a.mp4", {});
    CHECK_FALSE(scan_refusal(file, {.stream = {}, .thoroughness = {}, .most_pixels = 1000}).empty());
}

TEST_CASE("a stream that is not there or no video is refused by its number") {
    const TemporaryFolder folder;
    VideoWriterOptions options;
    options.sound = VideoWriterOptions::Sound{};
    const auto file = film(folder, "a.mp4", options);
    CHECK(scan_refusal(file, {.stream = 7}) == "a.mp4: there is no stream 7; it has 2, counted from 0.");
    CHECK(scan_refusal(file, {.stream = 1}) == "a.mp4: stream 1 is no video.");
}

TEST_CASE("seconds begin at the first frame, wherever the clock starts") {
    const TemporaryFolder folder;
    const VideoIndex index = scanned(film(folder, "a.ts", {}, 30, 75));
    CHECK(index.frames.front().pts != 0);
    const schemas::FrameTable table = index.table();
    CHECK(table.seconds.front() == 0);
    CHECK(table.seconds.back() == doctest::Approx(29 / 25.0));
    CHECK(table.key.front() == 1);
}

TEST_CASE("every pts of nasa_13013.mp4 equals the reference") {
    if (awkward().empty()) return tests::no_recordings();
    for (const int stream : {0, 3})
        for (const Thoroughness thoroughness : {Thoroughness::automatic, Thoroughness::decode_everything}) {
            const VideoIndex index =
                scanned(awkward() / "nasa_13013.mp4", {.stream = stream, .thoroughness = thoroughness});
            std::ifstream text(awkward() /
                               ("nasa_13013.mp4.stream" + std::to_string(stream) + ".all_frames_info.json"));
            const nlohmann::json reference = nlohmann::json::parse(text);
            REQUIRE(index.frames.size() == reference.size());
            for (std::size_t frame = 0; frame < reference.size(); ++frame) {
                const double expected = std::stod(reference[frame].at("pts_time").get<std::string>());
                CHECK(std::abs(index.seconds_from(index.frames[frame].pts) - expected) < 1e-6);
            }
        }
}

TEST_CASE("corrupted.mp4 declares 50 frames, of which 49 can be decoded") {
    if (awkward().empty()) return tests::no_recordings();
    const VideoIndex index = scanned(awkward() / "corrupted.mp4");
    CHECK(index.counts.declared == 50);
    CHECK(index.counts.packets == 50);
    CHECK(index.counts.decodable == 49);
    REQUIRE(index.undecoded.size() == 1);
    CHECK(index.undecoded[0].packet == 30);
    CHECK(index.method == ScanMethod::decoding);
    CHECK_FALSE(index.problems.empty());
}

TEST_CASE("awkward videos come in with all of their frames") {
    if (awkward().empty()) return tests::no_recordings();
    struct Expected {
        std::string name;
        schemas::FrameIndex frames;
        int width, height, rotation;
        bool alpha;
    };
    for (const Expected& expected : {Expected{"av1_video.mkv", 125, 640, 360, 0, false},
                                     {"flipping_a_pancake.mkv", 310, 426, 240, 0, false},
                                     {"h265_video.mp4", 10, 128, 128, 0, false},
                                     {"no_duration.webm", 74, 1280, 720, 0, false},
                                     {"transparent.webm", 150, 200, 200, 0, true},
                                     {"unordered.mov", 4, 50, 50, 0, false},
                                     {"video_0.mov", 3, 568, 320, 0, false},
                                     {"video_90.mov", 3, 320, 568, 90, false},
                                     {"video_180.mov", 3, 568, 320, 180, false},
                                     {"video_with_failing_audio.mp4", 280, 640, 360, 0, false}}) {
        CAPTURE(expected.name);
        const VideoIndex index = scanned(awkward() / expected.name);
        CHECK(index.size() == expected.frames);
        CHECK(index.properties.width == expected.width);
        CHECK(index.properties.height == expected.height);
        CHECK(index.properties.rotation_degrees == expected.rotation);
        CHECK(index.properties.alpha == expected.alpha);
        CHECK(index.undecoded.empty());
        CHECK(index.problems.empty());
    }
}

TEST_CASE("an empty file is called empty") {
    if (awkward().empty()) return tests::no_recordings();
    CHECK(scan_refusal(awkward() / "empty.webm") == "empty.webm: the file is empty.");
}

TEST_CASE("a Matroska video that is cut off says how much of it is there") {
    if (awkward().empty()) return tests::no_recordings();
    const TemporaryFolder folder;
    const std::string whole = tests::bytes_of(awkward() / "av1_video.mkv");
    const VideoIndex index = scanned(folder.file("cut.mkv", std::string_view(whole).substr(0, 12'281)));
    CHECK(index.size() == 81);
    REQUIRE(index.problems.size() == 1);
    CHECK(index.problems[0].ends_with("it is cut off: it has 12281 of 16375 bytes"));
}

TEST_CASE("slow: a video cut off anywhere gives frames or a message within seconds") {
    if (awkward().empty()) return tests::no_recordings();
    const TemporaryFolder folder;
    for (const std::string name : {"nasa_13013.mp4", "flipping_a_pancake.mkv", "transparent.webm"}) {
        const std::string whole = tests::bytes_of(awkward() / name);
        for (std::size_t part = 0; part < 64; ++part) {
            CAPTURE(name);
            CAPTURE(part);
            const auto file = folder.file(name, std::string_view(whole).substr(0, whole.size() * part / 64));
            const auto begin = std::chrono::steady_clock::now();
            const std::string message = refusal([&] {
                const auto index = std::make_shared<const VideoIndex>(scanned(file));
                VideoReader reader(file, index);
                for (const schemas::FrameIndex frame : {index->size() - 1, index->size() / 2, schemas::FrameIndex{0}})
                    CHECK(reader.frame(frame)->index() == frame);
            });
            CHECK((message.empty() || message.starts_with(name + ": ")));
            CHECK(std::chrono::steady_clock::now() - begin < std::chrono::seconds(10));
        }
    }
}

}  // namespace storage
