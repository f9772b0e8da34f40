#include "annotator/workflows/normalise.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <set>

#include "annotator/document/queries.h"
#include "annotator/workflows/verify_project.h"
#include "storage/export/atomic_file.h"
#include "storage/media/audio_index.h"
#include "tests/annotator/painted_videos.h"
#include "tests/annotator/small_recordings.h"
#include "tests/storage/export/small_disk.h"
#include "tests/support/video_fixtures.h"

namespace annotator {
namespace {

using schemas::FrameIndex;
using schemas::FrameSpan;
using schemas::Stream;
using namespace tests;

NormaliseOptions to(const TemporaryFolder& folder) {
    NormaliseOptions options;
    options.out = folder.path() / "out";
    options.preset = "ultrafast";
    return options;
}

ProjectSession opened(const TemporaryFolder& folder) { return {folder.path() / "out", fixed_session()}; }

std::vector<FrameIndex> sources(const TemporaryFolder& folder, const std::string& name) {
    std::vector<FrameIndex> frames;
    for (const MappedFrame& frame : read_frame_map(folder.path() / "out/frame_maps" / (name + ".csv"), 100'000).frames)
        frames.push_back(frame.source);
    return frames;
}

std::size_t entries(const std::filesystem::path& folder) {
    return static_cast<std::size_t>(
        std::distance(std::filesystem::directory_iterator(folder), std::filesystem::directory_iterator()));
}

// 60 frames a second, with a label on the frames 30 to 59.
ProjectSession fast_take(const TemporaryFolder& folder) {
    PaintedVideo video = painted(numbers_from(0, 120));
    video.options.time_base_denominator = 60;
    write_video(folder, "r/walk.mp4", video);
    ProjectSession session = imported_project(folder);
    draw(session, "walk", {30, 60}, "turn");
    return session;
}

}  // namespace

TEST_CASE("a copy of half the rate shows the frames that its map says") {
    const TemporaryFolder folder;
    ProjectSession session = fast_take(folder);
    const NormaliseResult result = normalise(session, to(folder), {}).value();
    REQUIRE(result.videos.size() == 1);
    CHECK(result.videos[0].frames == 60);
    CHECK(result.videos[0].dropped == 59);
    CHECK(result.videos[0].duplicated == 0);
    const auto numbers = painted_numbers(folder.path() / "out/media/walk.mp4");
    const auto shown = sources(folder, "walk");
    CHECK(numbers == numbers_from(0, 120, 2));
    CHECK(std::ranges::equal(numbers, shown));
}

TEST_CASE("labels of a normalised project lie on the same painted numbers") {
    const TemporaryFolder folder;
    ProjectSession session = fast_take(folder);
    const NormaliseResult result = normalise(session, to(folder), {}).value();
    CHECK(result.labels.segments() == 1);
    CHECK(result.labels.dropped.empty());
    const ProjectSession copy = opened(folder);
    const FrameSpan span = label_spans(copy.document(), "walk").at("turn");
    CHECK(span == FrameSpan{15, 30});
    const auto numbers = painted_numbers(folder.path() / "out/media/walk.mp4");
    for (FrameIndex frame = 0; frame < static_cast<FrameIndex>(numbers.size()); ++frame) {
        const int number = numbers[static_cast<std::size_t>(frame)];
        CHECK(span.contains(frame) == (30 <= number && number < 60));
    }
}

TEST_CASE("frames of uneven times are shown by the nearest time, and the numbers say the same as the map") {
    const TemporaryFolder folder;
    PaintedVideo video = painted(numbers_from(0, 90));
    video.options.time_base_denominator = 1000;
    std::int64_t time = 0;
    for (int i = 0; i < 90; ++i) video.pts.push_back(time += 15 + (i * i * 13) % 60);
    write_video(folder, "r/phone.mp4", video);
    ProjectSession session = imported_project(folder);
    const NormaliseResult result = normalise(session, to(folder), {}).value();
    const auto numbers = painted_numbers(folder.path() / "out/media/phone.mp4");
    CHECK(std::ranges::equal(numbers, sources(folder, "phone")));
    const std::set<int> distinct(numbers.begin(), numbers.end());
    CHECK(result.videos[0].duplicated == static_cast<FrameIndex>(numbers.size() - distinct.size()));
    // No frame is further away than another one would be.
    for (std::size_t k = 0; k < numbers.size(); ++k) {
        const auto away = [&](int number) {
            return std::abs(1000.0 * static_cast<double>(k) / 30 -
                            static_cast<double>(video.pts[static_cast<std::size_t>(number)] - video.pts[0]));
        };
        for (const int other : {numbers[k] - 1, numbers[k] + 1})
            if (0 <= other && other < 90) CHECK(away(numbers[k]) <= away(other) + 1e-6);
    }
}

TEST_CASE("a normalised project holds what the old one held and verifies") {
    const TemporaryFolder folder;
    ProjectSession session = fast_take(folder);
    normalise(session, to(folder), {}).value();
    ProjectSession copy = opened(folder);
    CHECK(verify_project(copy, {}).value().empty());
    CHECK(copy.document().rows<schemas::Take>().size() == 1);
    CHECK(copy.document().rows<schemas::Label>() == session.document().rows<schemas::Label>());
    CHECK(copy.document().rows<schemas::Layer>() == session.document().rows<schemas::Layer>());
    const auto& clip = *clips_by_name(copy.document()).front();
    CHECK(clip.span() == FrameSpan{0, 60});
    const Stream& stream = *reference_stream(copy.document(), clip.take);
    CHECK(stream.path == "media/walk.mp4");
    CHECK(stream.frames == 60);
    CHECK(copy.store().frame_times(stream).seconds[30] == doctest::Approx(1));
    const auto& segment = copy.document().rows<schemas::Segment>().begin()->second;
    const auto& before = session.document().rows<schemas::Segment>().begin()->second;
    CHECK(segment.author == before.author);
    CHECK(segment.time == before.time);
    CHECK(segment.state == before.state);
}

TEST_CASE("rotation and sample aspect are applied") {
    const TemporaryFolder folder;
    PaintedVideo turned = painted(numbers_from(0, 5));
    turned.options.rotation_degrees = 90;
    write_video(folder, "r/turned.mp4", turned);
    PaintedVideo wide = painted(numbers_from(0, 5));
    wide.options.sample_aspect_numerator = 2;
    write_video(folder, "r/wide.mp4", wide);
    ProjectSession session = imported_project(folder);
    const NormaliseResult result = normalise(session, to(folder), {}).value();
    REQUIRE(result.videos.size() == 2);
    CHECK(result.videos[0].size == PictureSize{120, 160});
    CHECK(result.videos[1].size == PictureSize{320, 120});
    CHECK(painted_numbers(folder.path() / "out/media/wide.mp4") == numbers_from(0, 5));
}

TEST_CASE("a larger video shrinks and a smaller one stays unless it may grow") {
    const TemporaryFolder folder;
    write_video(folder, "r/walk.mp4", painted(numbers_from(0, 5)));
    ProjectSession session = imported_project(folder);
    NormaliseOptions options = to(folder);
    options.lines = 90;
    CHECK(normalise(session, options, {})->videos[0].size == PictureSize{120, 90});
    CHECK(painted_numbers(folder.path() / "out/media/walk.mp4") == numbers_from(0, 5));
    options.out = folder.path() / "grown";
    options.lines = 240;
    options.enlarge = Enlarge::allowed;
    CHECK(normalise(session, options, {})->videos[0].size == PictureSize{320, 240});
}

TEST_CASE("a skeleton beside a video is linked and stays in step") {
    const TemporaryFolder folder;
    PaintedVideo video = painted(numbers_from(0, 60));
    write_video(folder, "r/walk.mp4", video);
    write_file(folder, "r/walk_skeleton3D.txt", msr_lines(30));
    ProjectSession session = imported_project(folder);
    NormaliseOptions options = to(folder);
    options.rate = {15, 1};
    normalise(session, options, {}).value();
    ProjectSession copy = opened(folder);
    CHECK(verify_project(copy, {}).value().empty());
    for (const auto& [id, stream] : copy.document().rows<Stream>()) {
        if (stream.kind != schemas::StreamKind::skeleton) continue;
        CHECK(stream.role == schemas::StreamRole::aligned);
        CHECK(stream.frames == 30);
        CHECK(exists(copy.store().resolved_path(stream.path)));
        CHECK(stream.offset_seconds == 0);
        CHECK(stream.clock_ratio == 1);
    }
    CHECK(copy.document().rows<Stream>().size() == session.document().rows<Stream>().size());
}

TEST_CASE("the names of takes become names of files that exist everywhere") {
    const TemporaryFolder folder;
    write_video(folder, "r/grand jeté.mp4", painted(numbers_from(0, 3)));
    ProjectSession session = imported_project(folder);
    CHECK(normalise(session, to(folder), {})->videos[0].path == "media/grand_jeté.mp4");
    CHECK(exists(folder.path() / "out/media/grand_jeté.mp4"));
}

TEST_CASE("a video that is gone is left out with its take, and the others come") {
    const TemporaryFolder folder;
    write_video(folder, "r/walk.mp4", painted(numbers_from(0, 5)));
    write_video(folder, "r/gone.mp4", painted(numbers_from(5, 9)));
    ProjectSession session = imported_project(folder);
    std::filesystem::remove(folder.path() / "r/gone.mp4");
    const NormaliseResult result = normalise(session, to(folder), {}).value();
    REQUIRE(result.left_out.size() == 1);
    CHECK(result.left_out[0].path.ends_with("gone.mp4"));
    CHECK(result.takes == 1);
    ProjectSession copy = opened(folder);
    CHECK(copy.document().rows<schemas::Take>().size() == 1);
    CHECK(verify_project(copy, {}).value().empty());
}

TEST_CASE("a folder that holds something is refused and stays as it was") {
    const TemporaryFolder folder;
    ProjectSession session = fast_take(folder);
    write_file(folder, "out/mine.txt", "mine");
    CHECK_THROWS_WITH_AS(normalise(session, to(folder), {}), doctest::Contains("is not empty"), storage::WriteError);
    CHECK(entries(folder.path() / "out") == 1);
}

TEST_CASE("stopping while videos are copied leaves nothing") {
    const TemporaryFolder folder;
    ProjectSession session = fast_take(folder);
    const std::size_t before = entries(folder.path());
    std::stop_source stop;
    JobContext job{[&](const Progress& progress) {
                       if (progress.done > 0.3) stop.request_stop();
                   },
                   stop.get_token()};
    CHECK_FALSE(normalise(session, to(folder), job));
    CHECK(entries(folder.path()) == before);
}

TEST_CASE("the sound of a video comes along, from the first frame on") {
    const TemporaryFolder folder;
    PaintedVideo video = painted(numbers_from(0, 60));
    video.options.sound = storage::VideoWriterOptions::Sound{44100, 2, {}};
    write_video(folder, "r/walk.mp4", video);
    ProjectSession session = imported_project(folder);
    const NormaliseResult result = normalise(session, to(folder), {}).value();
    CHECK(result.videos[0].sound_problem == "");
    const auto index = storage::scan_audio(
        folder.path() / "out/media/walk.mp4", {}, [](auto, int, int) {}, [](double) {}, {});
    CHECK(index->sample_rate == 44100);
    CHECK(index->channels == 2);
    CHECK(index->duration_seconds() == doctest::Approx(2).epsilon(0.03));
    ProjectSession copy = opened(folder);
    CHECK(copy.document().rows<Stream>().size() == session.document().rows<Stream>().size());
    CHECK(verify_project(copy, {}).value().empty());
}

TEST_CASE("slow: a copy of every kind of video shows the numbers that its map says") {
    const TemporaryFolder folder;
    ProjectSession session = empty_project(folder);
    ingest(session, ingest_of(video_fixtures().front().file.parent_path()), {}).value();
    NormaliseOptions options = to(folder);
    options.rate = {50, 1};
    const NormaliseResult result = normalise(session, options, {}).value();
    CHECK(result.left_out.empty());
    std::size_t frames = 0;
    for (const NormalisedVideo& video : result.videos) {
        CAPTURE(video.source);
        const auto name = std::filesystem::path(video.source).filename();
        const auto fixture =
            std::ranges::find(video_fixtures(), name, [](const VideoFixture& each) { return each.file.filename(); });
        REQUIRE(fixture != video_fixtures().end());
        const auto shown = sources(folder, std::filesystem::path(video.path).stem().string());
        const auto numbers = painted_numbers(options.out / video.path);
        REQUIRE(numbers.size() == shown.size());
        const storage::VideoIndex index = index_of(fixture->file);
        std::size_t mismatches = 0;
        for (std::size_t k = 0; k < shown.size(); ++k) mismatches += numbers[k] != fixture->number_at(index, shown[k]);
        CHECK(mismatches == 0);
        frames += shown.size();
    }
    MESSAGE(result.videos.size() << " videos, " << frames << " frames compared");
}

TEST_CASE("a full disk is said, and leaves nothing") {
    const TemporaryFolder folder;
    ProjectSession session = fast_take(folder);
    const SmallDisk disk;
    if (!disk.mounted()) return;
    NormaliseOptions options = to(folder);
    options.out = disk.path() / "out";
    CHECK_THROWS_AS(normalise(session, options, {}), std::runtime_error);
    CHECK(entries(disk.path()) == 0);
}

TEST_CASE("a standard without sense is refused") {
    const TemporaryFolder folder;
    ProjectSession session = empty_project(folder);
    NormaliseOptions options = to(folder);
    options.rate = {0, 1};
    CHECK_THROWS_AS(normalise(session, options, {}), std::invalid_argument);
}

}  // namespace annotator
