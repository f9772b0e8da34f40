#include "annotator/workflows/align_takes.h"

#include <doctest/doctest.h>

#include <random>

#include "annotator/document/queries.h"
#include "annotator/workflows/edit_script.h"
#include "tests/annotator/small_films.h"
#include "tests/annotator/small_recordings.h"

namespace annotator {
namespace {

using schemas::Stream;
using schemas::StreamKind;
using tests::TemporaryFolder;
using Outcome = AlignmentFound::Outcome;

// What two microphones hear of one room from `begin` on: sound that is nowhere like itself.
std::vector<float> heard(double begin, double seconds, std::uint64_t noise_seed) {
    static const std::vector<float> room = tests::unlike_sound(30, 8'000, 1);
    std::mt19937_64 engine(noise_seed);
    std::uniform_real_distribution<float> noise(-0.01F, 0.01F);
    std::vector<float> samples;
    const auto first = static_cast<std::size_t>(begin * 8'000);
    for (std::size_t i = 0; i < static_cast<std::size_t>(seconds * 8'000); ++i)
        samples.push_back(0.7F * room.at(first + i) + noise(engine));
    return samples;
}

// A take "walk" filmed from the front and, beginning `later` seconds later, from the side.
ProjectSession filmed_twice(const TemporaryFolder& folder, double later, double side_seconds = 12) {
    tests::write_film(folder, {"r/front.mkv", tests::even_times(500), heard(0, 20, 1)});
    tests::write_film(folder, {"r/side.mkv", tests::even_times(static_cast<int>(side_seconds * 25)),
                               heard(later, side_seconds, 2), 30});
    ProjectSession session = tests::empty_project(folder);
    IngestOptions options = tests::ingest_of(folder.path() / "r");
    options.take = "walk";
    ingest(session, options, {}).value();
    return session;
}

const Stream& stream_of(const ProjectSession& session, const std::string& file, StreamKind kind) {
    for (const auto& [id, stream] : session.document().rows<Stream>())
        if (stream.kind == kind && stream.path.ends_with(file)) return stream;
    throw std::runtime_error("no such stream");
}

AlignOptions by_hand(const std::string& stream, schemas::StreamClock clock) {
    AlignOptions options;
    options.stream = stream;
    options.by = AlignBy::hand;
    options.hand = clock;
    return options;
}

}  // namespace

TEST_CASE("slow: two films of one dance are aligned by what both heard") {
    const TemporaryFolder folder;
    ProjectSession session = filmed_twice(folder, 3.25);
    const auto found = align_takes(session, {}, {});
    REQUIRE(found);
    REQUIRE(found->size() == 1);
    CHECK(found->front().outcome == Outcome::aligned);
    CHECK(found->front().by == AlignBy::audio);
    CHECK(found->front().confidence > 0.2);
    for (const StreamKind kind : {StreamKind::video, StreamKind::audio}) {
        const Stream& stream = stream_of(session, "side.mkv", kind);
        CHECK(stream.offset_seconds == doctest::Approx(-3.25).epsilon(0.002));
        CHECK(stream.clock_ratio == 1);
    }
    // Frame 100 of the front is at 4 s, which is 0.75 s into the film from the side.
    const Stream &front = stream_of(session, "front.mkv", StreamKind::video),
                 &side = stream_of(session, "side.mkv", StreamKind::video);
    const auto shown = schemas::aligned_frame(session.store().frame_times(front), 100,
                                              session.store().frame_times(side), side.clock());
    REQUIRE(shown);
    CHECK(std::abs(*shown - 19) <= 1);
    CHECK(session.undo() == "Align streams");
    CHECK(stream_of(session, "side.mkv", StreamKind::video).offset_seconds == 0);
}

TEST_CASE("slow: films of different sounds are not aligned, and what was found is said") {
    const TemporaryFolder folder;
    std::vector<float> other(12 * 8'000);
    std::mt19937_64 engine(5);
    for (float& sample : other) sample = std::uniform_real_distribution<float>(-0.3F, 0.3F)(engine);
    tests::write_film(folder, {"r/front.mkv", tests::even_times(500), heard(0, 20, 1)});
    tests::write_film(folder, {"r/side.mkv", tests::even_times(300), other, 30});
    ProjectSession session = tests::empty_project(folder);
    IngestOptions options = tests::ingest_of(folder.path() / "r");
    options.take = "walk";
    ingest(session, options, {}).value();
    const auto logged = session.journal().last_sequence;
    const auto found = align_takes(session, {}, {});
    REQUIRE(found);
    REQUIRE(found->size() == 1);
    CHECK(found->front().outcome == Outcome::refused);
    CHECK_FALSE(found->front().note.empty());
    CHECK(session.journal().last_sequence == logged);
}

TEST_CASE("an alignment that is set by hand moves the sound of the file along") {
    const TemporaryFolder folder;
    ProjectSession session = filmed_twice(folder, 0, 1);
    const double sound_before = stream_of(session, "side.mkv", StreamKind::audio).offset_seconds;
    const double start = session.store().media(stream_of(session, "side.mkv", StreamKind::audio).id)->start_seconds -
                         session.store().media(stream_of(session, "side.mkv", StreamKind::video).id)->start_seconds;
    CHECK(sound_before == 0);
    const auto found = align_takes(session, by_hand("side.mkv", {1.001, 0.5}), {});
    REQUIRE(found->size() == 1);
    CHECK(found->front().outcome == Outcome::aligned);
    const Stream& video = stream_of(session, "side.mkv", StreamKind::video);
    CHECK(video.offset_seconds == doctest::Approx(0.5));
    CHECK(video.clock_ratio == doctest::Approx(1.001));
    CHECK(stream_of(session, "side.mkv", StreamKind::audio).offset_seconds == doctest::Approx(0.5 - start));
}

TEST_CASE("the reference is not aligned, and names that are not there are refused") {
    const TemporaryFolder folder;
    ProjectSession session = filmed_twice(folder, 0, 1);
    CHECK_THROWS_WITH_AS((void)align_takes(session, by_hand("front.mkv", {1, 1}), {}), doctest::Contains("reference"),
                         EditConflict);
    CHECK_THROWS_AS((void)align_takes(session, by_hand("back.mkv", {1, 1}), {}), EditConflict);
    CHECK_THROWS_AS((void)align_takes(session, by_hand("side.mkv", {0, 1}), {}), EditConflict);
    CHECK_THROWS_AS((void)align_takes(session, by_hand("side.mkv", {1, std::nan("")}), {}), EditConflict);
    AlignOptions nowhere;
    nowhere.take = "run";
    CHECK_THROWS_AS((void)align_takes(session, nowhere, {}), EditConflict);
}

TEST_CASE("files without time stamps of one kind are not aligned by them") {
    const TemporaryFolder folder;
    ProjectSession session = filmed_twice(folder, 0, 1);
    AlignOptions options;
    options.by = AlignBy::timestamps;
    options.stream = "side.mkv";
    const auto found = align_takes(session, options, {});
    REQUIRE(found->size() == 1);
    CHECK(found->front().outcome == Outcome::refused);
    CHECK(found->front().note.find("no time stamps of one kind") != std::string::npos);
}

TEST_CASE("recordings with the time of day are aligned by it, to the microsecond") {
    const TemporaryFolder folder;
    // Presentation times that count milliseconds since 1970.
    constexpr std::int64_t noon = 1'700'000'000'000;
    tests::write_film(folder, {"r/front.mkv", tests::even_times(50, noon)});
    tests::write_film(folder, {"r/side.mkv", tests::even_times(50, noon + 750), {}, 30});
    ProjectSession session = tests::empty_project(folder);
    IngestOptions options = tests::ingest_of(folder.path() / "r");
    options.take = "walk";
    ingest(session, options, {}).value();
    const auto found = align_takes(session, {}, {});
    REQUIRE(found->size() == 1);
    CHECK(found->front().outcome == Outcome::aligned);
    CHECK(found->front().by == AlignBy::timestamps);
    CHECK(found->front().clock.offset_seconds == doctest::Approx(-0.75));
    CHECK(found->front().confidence > 0.9);
}

TEST_CASE("time stamps by which recordings do not overlap are refused") {
    const TemporaryFolder folder;
    constexpr std::int64_t noon = 1'700'000'000'000;
    tests::write_film(folder, {"r/front.mkv", tests::even_times(50, noon)});
    tests::write_film(folder, {"r/side.mkv", tests::even_times(50, noon + 60'000), {}, 30});
    ProjectSession session = tests::empty_project(folder);
    IngestOptions options = tests::ingest_of(folder.path() / "r");
    options.take = "walk";
    ingest(session, options, {}).value();
    AlignOptions wanted;
    wanted.by = AlignBy::timestamps;
    const auto found = align_takes(session, wanted, {});
    REQUIRE(found->size() == 1);
    CHECK(found->front().outcome == Outcome::refused);
    CHECK(found->front().note.find("do not overlap") != std::string::npos);
}

TEST_CASE("a script aligns a stream as the verb does") {
    const TemporaryFolder folder;
    ProjectSession session = filmed_twice(folder, 0, 1);
    const auto video = stream_of(session, "side.mkv", StreamKind::video).container_stream;
    const auto script = nlohmann::json{
        {{"do", "set_stream_alignment"},
         {"take", "walk"},
         {"stream", "side.mkv#" + std::to_string(video)},
         {"offset_seconds", -0.25},
         {"clock_ratio", 0.5}},
        {{"do", "set_stream_alignment"}, {"take", "walk"}, {"stream", "side.mkv"}, {"offset_seconds", 1}}};
    const ScriptOutcome outcome = run_edit_script(session, script);
    CHECK(outcome.applied == 1);
    REQUIRE(outcome.failed.size() == 1);
    CHECK(outcome.failed[0].reason.find("several streams") != std::string::npos);
    CHECK(stream_of(session, "side.mkv", StreamKind::video).clock() == schemas::StreamClock{0.5, -0.25});
}

}  // namespace annotator
