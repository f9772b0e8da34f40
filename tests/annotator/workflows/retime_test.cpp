#include "annotator/workflows/retime.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>

#include "annotator/workflows/ingest.h"
#include "annotator/workflows/normalise.h"
#include "storage/read_error.h"
#include "tests/annotator/painted_videos.h"
#include "tests/annotator/small_recordings.h"

namespace annotator {
namespace {

using schemas::FrameSpan;
using namespace tests;

// A take of 150 frames with the labels "rise" on [30, 60), "turn" on [60, 90), "bow" on [120, 140).
ProjectSession labelled_take(const TemporaryFolder& folder) {
    write_video(folder, "r/walk.mp4", painted(numbers_from(0, 150)));
    ProjectSession session = imported_project(folder);
    draw(session, "walk", {30, 60}, "rise");
    draw(session, "walk", {60, 90}, "turn");
    draw(session, "walk", {120, 140}, "bow");
    return session;
}

// As another program would write it: smaller, brighter, in another codec.
PaintedVideo copied(std::vector<int> numbers) {
    PaintedVideo video = painted(std::move(numbers));
    video.options.width = 128;
    video.options.height = 96;
    video.options.codec = "mpeg4";
    video.brightness = 12;
    return video;
}

RetimeOptions onto(const std::filesystem::path& copy) {
    RetimeOptions options;
    options.take = "walk";
    options.copy = copy;
    return options;
}

// The painted numbers that a label of a clip lies on.
std::vector<int> numbers_under(const ProjectSession& session, const std::string& clip, const std::string& label,
                               const std::filesystem::path& video) {
    const FrameSpan span = label_spans(session.document(), clip).at(label);
    const auto numbers = painted_numbers(video);
    return {numbers.begin() + span.begin, numbers.begin() + span.end};
}

}  // namespace

TEST_CASE("labels come onto the same painted numbers of a trimmed copy, by its content") {
    const TemporaryFolder folder;
    ProjectSession session = labelled_take(folder);
    const auto copy = write_video(folder, "cut.mp4", copied(numbers_from(45, 110)));
    const RetimeResult result = retime(session, onto(copy), {}).value();
    CHECK(result.method == RetimeMethod::content);
    CHECK(result.take == "cut");
    CHECK(numbers_under(session, "cut", "rise", copy) == numbers_from(45, 60));
    CHECK(numbers_under(session, "cut", "turn", copy) == numbers_from(60, 90));
}

TEST_CASE("what a trimmed copy lacks is said") {
    const TemporaryFolder folder;
    ProjectSession session = labelled_take(folder);
    const auto copy = write_video(folder, "cut.mp4", copied(numbers_from(45, 110)));
    const RetimeResult result = retime(session, onto(copy), {}).value();
    REQUIRE(result.labels.segments() == 2);
    REQUIRE(result.labels.dropped.size() == 1);
    CHECK(result.labels.dropped[0].span == FrameSpan{120, 140});
    CHECK(result.labels.dropped[0].label == "category 'bow'");
    for (const CarriedBoundary& boundary : result.labels.boundaries) {
        CHECK(boundary.at.cut == (boundary.at.from == 30));
        CHECK(boundary.at.confidence > sure_boundary);
    }
}

TEST_CASE("a copy of another rate that lost frames gets labels on the same painted numbers") {
    const TemporaryFolder folder;
    ProjectSession session = labelled_take(folder);
    std::vector<int> numbers = numbers_from(0, 150, 2);
    numbers.erase(numbers.begin() + 20, numbers.begin() + 23);
    PaintedVideo video = copied(numbers);
    video.options.time_base_denominator = 15;
    const auto copy = write_video(folder, "slow.mp4", video);
    const RetimeResult result = retime(session, onto(copy), {}).value();
    CHECK(result.method == RetimeMethod::content);
    CHECK(numbers_under(session, "slow", "turn", copy) == numbers_from(60, 90, 2));
    CHECK(numbers_under(session, "slow", "bow", copy) == numbers_from(120, 140, 2));
    CHECK(result.labels.dropped.empty());
}

TEST_CASE("a whole copy with the same times needs no look at its pictures") {
    const TemporaryFolder folder;
    ProjectSession session = labelled_take(folder);
    const auto copy = write_video(folder, "again.mp4", copied(numbers_from(0, 150)));
    const RetimeResult result = retime(session, onto(copy), {}).value();
    CHECK(result.method == RetimeMethod::pts);
    CHECK(label_spans(session.document(), "again") == label_spans(session.document(), "walk"));
}

TEST_CASE("times that fit at several places are refused when asked for") {
    const TemporaryFolder folder;
    ProjectSession session = labelled_take(folder);
    RetimeOptions options = onto(write_video(folder, "cut.mp4", copied(numbers_from(45, 110))));
    options.by = RetimeMethod::pts;
    CHECK_THROWS_WITH_AS(retime(session, options, {}), doctest::Contains("at several places"), storage::ReadError);
    CHECK(session.document().rows<schemas::Take>().size() == 1);
}

TEST_CASE("the frame map of a normalised copy brings labels onto it") {
    const TemporaryFolder folder;
    ProjectSession session = labelled_take(folder);
    NormaliseOptions standard;
    standard.out = folder.path() / "out";
    standard.rate = {24, 1};
    standard.preset = "ultrafast";
    normalise(session, standard, {}).value();
    const auto copy = standard.out / "media/walk.mp4";
    RetimeOptions options = onto(copy);
    options.map = standard.out / "frame_maps/walk.csv";
    const RetimeResult result = retime(session, options, {}).value();
    CHECK(result.method == RetimeMethod::map);
    for (const int number : numbers_under(session, result.clip, "turn", copy)) CHECK((60 <= number && number < 90));
    for (const CarriedBoundary& boundary : result.labels.boundaries) CHECK(boundary.at.confidence == 1);
}

TEST_CASE("a map of another video is refused") {
    const TemporaryFolder folder;
    ProjectSession session = labelled_take(folder);
    RetimeOptions options = onto(write_video(folder, "cut.mp4", copied(numbers_from(45, 110))));
    options.map = write_file(folder, "map.csv", "index,source_index\n0,45\n1,46\n");
    CHECK_THROWS_WITH_AS(retime(session, options, {}), doctest::Contains("is the map of 2 frames"), storage::ReadError);
}

TEST_CASE("a video that shows something else is refused and not imported") {
    const TemporaryFolder folder;
    ProjectSession session = labelled_take(folder);
    PaintedVideo other = copied(numbers_from(3000, 3100, 1));
    other.scene = PaintedVideo::Scene::street;
    const auto copy = write_video(folder, "street.mp4", other);
    CHECK_THROWS_WITH_AS(retime(session, onto(copy), {}), doctest::Contains("does not show take 'walk'"),
                         storage::ReadError);
    CHECK(session.document().rows<schemas::Take>().size() == 1);
}

TEST_CASE("bringing labels over is one step of undo after the import") {
    const TemporaryFolder folder;
    ProjectSession session = labelled_take(folder);
    retime(session, onto(write_video(folder, "again.mp4", copied(numbers_from(0, 150)))), {}).value();
    CHECK(session.undo() == "Bring the labels of 'walk' onto 'again'");
    CHECK(label_spans(session.document(), "again").empty());
    CHECK(session.document().rows<schemas::Take>().size() == 2);
}

TEST_CASE("labels that are there already are not written twice") {
    const TemporaryFolder folder;
    ProjectSession session = labelled_take(folder);
    const RetimeOptions options = onto(write_video(folder, "again.mp4", copied(numbers_from(0, 150))));
    retime(session, options, {}).value();
    const RetimeResult again = retime(session, options, {}).value();
    CHECK(again.take == "again");
    CHECK(again.labels.segments() == 0);
    CHECK(again.labels.dropped.size() == 3);
    CHECK(session.document().rows<schemas::Segment>().size() == 6);
}

TEST_CASE("one layer alone can be brought over") {
    const TemporaryFolder folder;
    ProjectSession session = labelled_take(folder);
    RetimeOptions options = onto(write_video(folder, "again.mp4", copied(numbers_from(0, 150))));
    options.layer = "Nobody";
    CHECK_THROWS_WITH_AS(retime(session, options, {}), doctest::Contains("there is no layer 'Nobody'"),
                         std::invalid_argument);
    options.layer = "Ana";
    CHECK(retime(session, options, {})->labels.segments() == 3);
}

TEST_CASE("the very file of the take is no copy, and neither is what is no video") {
    const TemporaryFolder folder;
    ProjectSession session = labelled_take(folder);
    CHECK_THROWS_WITH_AS(retime(session, onto(folder.path() / "r/walk.mp4"), {}), doctest::Contains("the very file"),
                         std::invalid_argument);
    CHECK_THROWS_AS(retime(session, onto(write_file(folder, "text.mp4", "no video")), {}), storage::ReadError);
    RetimeOptions options = onto(folder.path() / "r/walk.mp4");
    options.take = "run";
    CHECK_THROWS_WITH_AS(retime(session, options, {}), doctest::Contains("there is no take 'run'"),
                         std::invalid_argument);
}

TEST_CASE("retiming stops when asked to, and writes nothing") {
    const TemporaryFolder folder;
    ProjectSession session = labelled_take(folder);
    std::stop_source stop;
    stop.request_stop();
    const auto copy = write_video(folder, "cut.mp4", copied(numbers_from(45, 110)));
    CHECK_FALSE(retime(session, onto(copy), {[](const Progress&) {}, stop.get_token()}));
    CHECK(session.document().rows<schemas::Take>().size() == 1);
}

}  // namespace annotator
