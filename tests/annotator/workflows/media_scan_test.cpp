#include "annotator/workflows/media_scan.h"

#include <doctest/doctest.h>

#include "annotator/document/queries.h"
#include "annotator/document/taxonomy_commands.h"
#include "tests/annotator/painted_videos.h"
#include "tests/annotator/small_films.h"
#include "tests/annotator/small_recordings.h"
#include "tests/support/no_recordings.h"

namespace annotator {
namespace {

using schemas::Stream;
using schemas::StreamKind;
using tests::empty_project;
using tests::ingest_of;
using tests::SmallFilm;
using tests::TemporaryFolder;
using tests::uneven_times;
using tests::write_film;

IngestResult imported(ProjectSession& session, const std::filesystem::path& recordings) {
    return ingest(session, ingest_of(recordings), {}).value();
}

std::vector<Stream> streams_of(const ProjectSession& session, StreamKind kind) {
    std::vector<Stream> found;
    for (const auto& [id, stream] : session.document().rows<Stream>())
        if (stream.kind == kind) found.push_back(stream);
    std::ranges::sort(found, {}, [](const Stream& stream) { return std::pair(stream.path, stream.container_stream); });
    return found;
}

}  // namespace

TEST_CASE("a video is a take, numbered by the times at which its frames are shown") {
    const TemporaryFolder folder;
    write_film(folder, {"r/walk.mkv", uneven_times()});
    ProjectSession session = empty_project(folder);
    const IngestResult result = imported(session, folder.path() / "r");
    CHECK(result.takes_added == 1);
    CHECK(result.streams_added.at("video") == 1);
    CHECK(result.left_out.empty());
    const auto videos = streams_of(session, StreamKind::video);
    REQUIRE(videos.size() == 1);
    CHECK(videos[0].role == schemas::StreamRole::reference);
    CHECK(videos[0].frames == 10);
    const auto table = session.store().frame_table(videos[0].id);
    REQUIRE(table);
    CHECK(table->ticks == uneven_times());
    CHECK(table->tick == schemas::TickLength{1, 1'000});
    CHECK(table->seconds.at(4) == 0.5);
    CHECK(session.document().rows<schemas::Clip>().begin()->second.span() == schemas::FrameSpan{0, 10});
}

TEST_CASE("what is known of a video's file is kept with its stream") {
    const TemporaryFolder folder;
    write_film(folder, {"r/walk.mkv", tests::even_times(10, 2'000)});
    ProjectSession session = empty_project(folder);
    imported(session, folder.path() / "r");
    const auto media = session.store().media(streams_of(session, StreamKind::video).at(0).id);
    REQUIRE(media);
    CHECK(media->codec == "mjpeg");
    CHECK(media->container == "matroska,webm");
    CHECK(media->width == 64);
    CHECK(media->height == 48);
    CHECK(media->decodable_frames == 10);
    CHECK(media->packets == 10);
    CHECK(media->start_seconds == 2);
    CHECK(media->bytes == static_cast<std::int64_t>(file_size(folder.path() / "r/walk.mkv")));
}

TEST_CASE("import, undo and redo leave the frame table as it was") {
    const TemporaryFolder folder;
    write_film(folder, {"r/walk.mkv", uneven_times()});
    ProjectSession session = empty_project(folder);
    imported(session, folder.path() / "r");
    const Stream video = streams_of(session, StreamKind::video).at(0);
    const auto before = session.store().frame_table(video.id);
    session.undo();
    CHECK(session.document().rows<Stream>().empty());
    session.redo();
    REQUIRE(before);
    CHECK(session.store().frame_table(video.id) == before);
    CHECK(session.store().media(video.id));
}

TEST_CASE("an imported video is not scanned again to be opened") {
    const TemporaryFolder folder;
    const auto file = write_film(folder, {"r/walk.mkv", uneven_times()});
    ProjectSession session = empty_project(folder);
    imported(session, folder.path() / "r");
    std::filesystem::remove(file);
    const Stream video = streams_of(session, StreamKind::video).at(0);
    const auto index = storage::VideoIndexCache(session.store().folder()).load(video.sha256, video.container_stream);
    REQUIRE(index);
    CHECK(index->size() == 10);
}

TEST_CASE("a thorough import decodes what an ordinary one believes of packets") {
    const TemporaryFolder folder;
    write_video(folder, "r/walk.mp4", tests::painted(tests::numbers_from(0, 30)));
    for (const auto& [thoroughness, method] :
         {std::pair{storage::ScanOptions::Thoroughness::automatic, storage::ScanMethod::packets},
          std::pair{storage::ScanOptions::Thoroughness::decode_everything, storage::ScanMethod::decoding}}) {
        ProjectSession session = empty_project(folder, "project" + std::to_string(static_cast<int>(method)));
        IngestOptions options = ingest_of(folder.path() / "r");
        options.thoroughness = thoroughness;
        ingest(session, options, {}).value();
        const Stream video = streams_of(session, StreamKind::video).at(0);
        CHECK(video.frames == 30);
        const auto index = storage::VideoIndexCache(session.store().folder()).load(video.sha256, 0);
        REQUIRE(index);
        CHECK(index->method == method);
    }
}

TEST_CASE("each sound track is a stream beside the pictures, and its frames are samples") {
    const TemporaryFolder folder;
    write_film(folder, {"r/walk.mkv", tests::even_times(50), tests::unlike_sound(2, 8'000, 1)});
    ProjectSession session = empty_project(folder);
    const IngestResult result = imported(session, folder.path() / "r");
    CHECK(result.takes_added == 1);
    CHECK(result.streams_added.at("audio") == 1);
    const Stream sound = streams_of(session, StreamKind::audio).at(0);
    CHECK(sound.frames == 16'000);
    CHECK(sound.rate() == schemas::FrameRate{8'000, 1});
    CHECK(sound.role == schemas::StreamRole::aligned);
    CHECK(sound.container_stream != streams_of(session, StreamKind::video).at(0).container_stream);
    CHECK(session.store().media(sound.id)->channels == 1);
}

TEST_CASE("streams of one file are aligned by the clock that they share") {
    const TemporaryFolder folder;
    write_film(folder, {"r/walk.mkv", tests::even_times(50, 500), tests::unlike_sound(2, 8'000, 1)});
    ProjectSession session = empty_project(folder);
    imported(session, folder.path() / "r");
    const Stream sound = streams_of(session, StreamKind::audio).at(0);
    const auto video = session.store().media(streams_of(session, StreamKind::video).at(0).id);
    CHECK(sound.offset_seconds ==
          doctest::Approx(video->start_seconds - session.store().media(sound.id)->start_seconds));
}

TEST_CASE("sound alone makes no take, but joins one") {
    const TemporaryFolder folder;
    tests::SoundFilm alone;
    write_film(folder, {"r/walk.mkv", tests::even_times(5)});
    const auto film = write_film(folder, {"other/steps.mkv", tests::even_times(5), tests::unlike_sound(1, 8'000, 1)});
    // A .wav as recorders write it: 44 bytes and 100 samples of 16 bits.
    std::string wav("RIFF\xEC\0\0\0WAVEfmt \x10\0\0\0\1\0\1\0\x40\x1F\0\0\x80\x3E\0\0\2\0\x10\0data\xC8\0\0\0", 44);
    wav += std::string(200, '\x11');
    tests::write_file(folder, "r/walk.wav", wav);
    tests::write_file(folder, "r/lonely.wav", wav + std::string(2, '\x11'));
    ProjectSession session = empty_project(folder);
    const IngestResult result = imported(session, folder.path() / "r");
    CHECK(result.takes_added == 1);
    CHECK(result.streams_added.at("audio") == 1);
    CHECK(streams_of(session, StreamKind::audio).at(0).frames == 100);
    REQUIRE(result.left_out.size() == 1);
    CHECK(result.left_out[0].path.ends_with("lonely.wav"));
    CHECK(result.left_out[0].reason.find("no pictures belong to") != std::string::npos);
}

TEST_CASE("several videos of one take are all kept, and the first is its reference") {
    const TemporaryFolder folder;
    write_film(folder, {"r/back.mkv", tests::even_times(5)});
    write_film(folder, {"r/front.mkv", tests::even_times(6), {}, 30});
    ProjectSession session = empty_project(folder);
    IngestOptions options = ingest_of(folder.path() / "r");
    options.take = "walk";
    const auto result = ingest(session, options, {});
    CHECK(result->takes_added == 1);
    CHECK(result->streams_added.at("video") == 2);
    CHECK(result->problems.empty());
    CHECK(streams_of(session, StreamKind::video).at(0).role == schemas::StreamRole::reference);
    CHECK(streams_of(session, StreamKind::video).at(1).role == schemas::StreamRole::aligned);
}

TEST_CASE("a copy of a video is the same video") {
    const TemporaryFolder folder;
    const auto film = write_film(folder, {"r/walk.mkv", tests::even_times(5)});
    copy_file(film, folder.path() / "r" / "copy of walk.mkv");
    ProjectSession session = empty_project(folder);
    const IngestResult result = imported(session, folder.path() / "r");
    CHECK(result.streams_added.at("video") == 1);
    REQUIRE(result.left_out.size() == 1);
    CHECK(result.left_out[0].reason.find("is the same file as") != std::string::npos);
    const IngestResult again = imported(session, folder.path() / "r");
    CHECK(again.already_there == 2);
    CHECK(again.takes_added == 0);
}

TEST_CASE("files that are called videos and are none are listed with what they are") {
    const TemporaryFolder folder;
    const auto film = write_film(folder, {"r/walk.mkv", tests::even_times(5)});
    tests::write_file(folder, "r/empty.mp4", "");
    tests::write_file(folder, "r/text.mp4", "this is no video at all, and long enough to look at");
    tests::write_file(folder, "r/cut.mkv", tests::bytes_of(film).substr(0, 60));
    tests::write_file(folder, "r/notes.txt", "dance more");
    ProjectSession session = empty_project(folder);
    const IngestResult result = imported(session, folder.path() / "r");
    CHECK(result.takes_added == 1);
    CHECK(result.in_part());
    std::map<std::string, LeftOut> left_out;
    for (const LeftOut& entry : result.left_out)
        left_out.emplace(std::filesystem::path(entry.path).filename().string(), entry);
    CHECK(left_out.size() == 4);
    CHECK(left_out.at("empty.mp4").reason == "is empty");
    CHECK(left_out.at("text.mp4").severity == LeftOut::Severity::error);
    CHECK(left_out.at("cut.mkv").severity == LeftOut::Severity::error);
    CHECK(left_out.at("notes.txt").severity == LeftOut::Severity::passed_over);
}

TEST_CASE("a video of another name is known by what it holds") {
    const TemporaryFolder folder;
    const auto film = write_film(folder, {"walk.mkv", tests::even_times(5)});
    tests::write_file(folder, "r/walk.recording", tests::bytes_of(film));
    ProjectSession session = empty_project(folder);
    CHECK(imported(session, folder.path() / "r").streams_added.at("video") == 1);
}

TEST_CASE("a cut-off video comes in with the frames that it has") {
    const TemporaryFolder folder;
    const auto film = write_film(folder, {"walk.mkv", tests::even_times(100)});
    const std::string bytes = tests::bytes_of(film);
    tests::write_file(folder, "r/walk.mkv", bytes.substr(0, bytes.size() / 2));
    ProjectSession session = empty_project(folder);
    const IngestResult result = imported(session, folder.path() / "r");
    REQUIRE(result.streams_added.at("video") == 1);
    const auto frames = streams_of(session, StreamKind::video).at(0).frames;
    CHECK(frames > 20);
    CHECK(frames < 80);
}

TEST_CASE("an import stops inside a file") {
    const TemporaryFolder folder;
    write_film(folder, {"r/walk.mkv", tests::even_times(500)});
    ProjectSession session = empty_project(folder);
    std::stop_source stop;
    JobContext job;
    job.stop = stop.get_token();
    double total = 0;
    job.report = [&](const Progress& progress) {
        total = progress.total;
        stop.request_stop();
    };
    CHECK_FALSE(ingest(session, ingest_of(folder.path() / "r"), job));
    CHECK(total == static_cast<double>(file_size(folder.path() / "r/walk.mkv")));
    CHECK(session.document().rows<Stream>().empty());
}

TEST_CASE("a picture that cannot be decoded is a problem that says where it is missing") {
    const auto recordings = tests::recordings(KINETOGRAPH_SOURCE_DIR, "awkward_video");
    if (recordings.empty()) return tests::no_recordings();
    const TemporaryFolder folder;
    ProjectSession session = empty_project(folder);
    const IngestResult result = imported(session, recordings / "corrupted.mp4");
    REQUIRE_FALSE(result.problems.empty());
    CHECK(result.problems[0].problem.what.find("between frame 29 and the next") != std::string::npos);
    CHECK(session.store().problems().size() == result.problems.size());
}

TEST_CASE("a dance phrase comes in with video and key-points as one take, frame for frame") {
    const auto recordings = tests::recordings(KINETOGRAPH_SOURCE_DIR, "contemporary_clip");
    if (recordings.empty()) return tests::no_recordings();
    const TemporaryFolder folder;
    ProjectSession session = empty_project(folder);
    const IngestResult result = imported(session, recordings);
    CHECK(result.takes_added == 1);
    CHECK(result.streams_added.at("video") == 1);
    const auto* clip = clip_named(session.document(), "phrase");
    REQUIRE(clip != nullptr);
    CHECK(clip->span() == schemas::FrameSpan{0, 545});
    for (const Stream& skeleton : streams_of(session, StreamKind::skeleton)) CHECK(skeleton.frames == 545);
}

TEST_CASE("side steps come in with video and sound") {
    const auto recordings = tests::recordings(KINETOGRAPH_SOURCE_DIR, "steps_clip");
    if (recordings.empty()) return tests::no_recordings();
    const TemporaryFolder folder;
    ProjectSession session = empty_project(folder);
    const IngestResult result = imported(session, recordings);
    CHECK(result.streams_added.at("video") == 1);
    CHECK(result.streams_added.at("audio") == 1);
    CHECK(clip_named(session.document(), "steps") != nullptr);
}

TEST_CASE("both videos of a broadcast are streams of one take") {
    const auto recordings = tests::recordings(KINETOGRAPH_SOURCE_DIR, "awkward_video");
    if (recordings.empty()) return tests::no_recordings();
    const TemporaryFolder folder;
    ProjectSession session = empty_project(folder);
    const IngestResult result = imported(session, recordings / "nasa_13013.mp4");
    CHECK(result.takes_added == 1);
    CHECK(result.streams_added.at("video") == 2);
    const auto videos = streams_of(session, StreamKind::video);
    REQUIRE(videos.size() == 2);
    CHECK(videos[0].role == schemas::StreamRole::reference);
    CHECK(videos[0].container_stream == 0);
    CHECK(videos[1].container_stream == 3);
}

}  // namespace annotator
