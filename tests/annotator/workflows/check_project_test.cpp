#include "annotator/workflows/check_project.h"

#include <doctest/doctest.h>

#include <algorithm>

#include "annotator/workflows/ingest.h"
#include "tests/annotator/painted_videos.h"
#include "tests/annotator/small_recordings.h"

namespace annotator {
namespace {

using storage::Finding;
using storage::Severity;
using namespace tests;

bool finds(const std::vector<Finding>& findings, const std::string& where, const std::string& what) {
    return std::ranges::any_of(findings, [&](const Finding& finding) {
        return finding.where.find(where) != std::string::npos && finding.what.find(what) != std::string::npos;
    });
}

}  // namespace

TEST_CASE("a project without videos has nothing to check") {
    const TemporaryFolder folder;
    ProjectSession session = project_of_four(folder);
    CHECK(check_project(session, {}).value().empty());
}

TEST_CASE("a recording below the standard is found with its take") {
    const TemporaryFolder folder;
    PaintedVideo video = painted(numbers_from(0, 40));
    video.options.time_base_denominator = 20;
    write_video(folder, "r/walk.mp4", video);
    ProjectSession session = imported_project(folder);
    const auto findings = check_project(session, {}).value();
    CHECK(finds(findings, "take walk (../r/walk.mp4)", "is 160x120"));
    CHECK(finds(findings, "take walk", "has 20.00 frames a second"));
    CHECK(std::ranges::none_of(findings, [](const Finding& each) { return each.severity == Severity::error; }));
}

TEST_CASE("cuts, repeated and missing frames are found where they are") {
    const TemporaryFolder folder;
    std::vector<int> numbers = numbers_from(0, 80);
    numbers[40] = 39;
    PaintedVideo video = painted(numbers);
    for (std::int64_t i = 0; i < 80; ++i) video.pts.push_back(i < 60 ? i : i + 3);
    write_video(folder, "r/walk.mp4", video);
    ProjectSession session = imported_project(folder);
    const auto findings = check_project(session, {}).value();
    CHECK(finds(findings, "take walk", "frame 40 repeats"));
    CHECK(finds(findings, "take walk", "about 3 frames are missing after frame 59"));
    CHECK_FALSE(finds(findings, "take walk", "another shot"));
}

TEST_CASE("a trimmed copy of a recording is found, another recording is not") {
    const TemporaryFolder folder;
    write_video(folder, "r/walk.mp4", painted(numbers_from(0, 150)));
    PaintedVideo copy = painted(numbers_from(60, 120));
    copy.options.codec = "mpeg4";
    write_video(folder, "r/copy.mp4", copy);
    PaintedVideo other = painted(numbers_from(500, 600));
    other.scene = PaintedVideo::Scene::street;
    write_video(folder, "r/street.mp4", other);
    ProjectSession session = imported_project(folder);
    const auto findings = check_project(session, {}).value();
    CHECK(finds(findings, "take copy", "shows the same as take walk (../r/walk.mp4) from about frame 60 on"));
    CHECK_FALSE(finds(findings, "take walk", "shows the same"));
    CHECK_FALSE(finds(findings, "take street", "shows the same"));
}

TEST_CASE("a recording that is gone is an error, and the others are checked") {
    const TemporaryFolder folder;
    write_video(folder, "r/walk.mp4", painted(numbers_from(0, 5)));
    write_video(folder, "r/gone.mp4", painted(numbers_from(5, 9)));
    ProjectSession session = imported_project(folder);
    std::filesystem::remove(folder.path() / "r/gone.mp4");
    const auto findings = check_project(session, {}).value();
    CHECK(std::ranges::count(findings, Severity::error, &Finding::severity) == 1);
    CHECK(finds(findings, "take walk", "is 160x120"));
}

TEST_CASE("what was measured once is not decoded again") {
    const TemporaryFolder folder;
    write_video(folder, "r/walk.mp4", painted(numbers_from(0, 30)));
    ProjectSession session = imported_project(folder);
    const auto first = check_project(session, {}).value();
    std::filesystem::remove(folder.path() / "r/walk.mp4");
    CHECK(check_project(session, {}).value() == first);
    std::filesystem::remove_all(folder.path() / "project/cache");
    CHECK(check_project(session, {}).value() != first);
}

TEST_CASE("checking stops when asked to") {
    const TemporaryFolder folder;
    write_video(folder, "r/walk.mp4", painted(numbers_from(0, 30)));
    ProjectSession session = imported_project(folder);
    std::stop_source stop;
    stop.request_stop();
    CHECK_FALSE(check_project(session, {[](const Progress&) {}, stop.get_token()}));
}

}  // namespace annotator
