#include "annotator/workflows/status.h"

#include <doctest/doctest.h>

#include <algorithm>

#include "annotator/workflows/edit_script.h"
#include "tests/annotator/small_recordings.h"

namespace annotator {
namespace {

using tests::TemporaryFolder;

void draw(ProjectSession& session, const std::string& clip, int begin, int end) {
    CHECK(run_edit_script(
              session, nlohmann::json::parse(R"([{"do": "draw", "label": "01", "clip": ")" + clip + R"(", "span": [)" +
                                             std::to_string(begin) + "," + std::to_string(end) + "]}]"))
              .applied == 1);
}

}  // namespace

TEST_CASE("status counts takes, clips, frames, performers and streams") {
    const TemporaryFolder folder;
    ProjectSession session = tests::project_of_four(folder);
    const ProjectStatus status = project_status(session);
    CHECK(status.takes == 4);
    CHECK(status.clips == 4);
    CHECK(status.frames == 120);
    CHECK(status.performers == 2);
    CHECK(status.streams.at("skeleton") == 4);
    CHECK(status.problems.empty());
    CHECK(status.layers.size() == 1);
    CHECK(status.undoable == 2);
}

TEST_CASE("every frame of every track is in one state") {
    const TemporaryFolder folder;
    ProjectSession session = tests::project_of_four(folder);
    draw(session, "a01_s01_e01", 0, 12);
    for (const TrackStatus& track : project_status(session).tracks) {
        schemas::FrameIndex sum = 0;
        for (const auto& [state, frames] : track.states) sum += frames;
        CHECK(sum == 120);
    }
    const TrackStatus category = project_status(session).tracks.front();
    CHECK(category.name == "category");
    CHECK(category.states.at("drawn") == 12);
    CHECK(category.states.at("imported") == 108);
}

TEST_CASE("trimmed clips count whole, and imported labels are not a person's work") {
    const TemporaryFolder folder;
    ProjectSession session = tests::project_of_four(folder);
    CHECK(project_status(session).budget.labelled == 0);
    draw(session, "a01_s01_e01", 0, 30);
    const ProjectStatus status = project_status(session);
    CHECK(status.tracks.front().unit == LabelUnit::clip);
    CHECK(status.budget.labelled == doctest::Approx(0.25));
    CHECK(status.budget.target == doctest::Approx(0.2));
    CHECK(status.labelled_by.at("performer").at("01") == doctest::Approx(0.5));
    CHECK(status.labelled_by.at("performer").at("02") == 0);
}

TEST_CASE("with a label on a part of a clip frames count") {
    const TemporaryFolder folder;
    ProjectSession session = tests::project_of_four(folder);
    draw(session, "a01_s01_e01", 0, 12);
    const ProjectStatus status = project_status(session);
    CHECK(status.tracks.front().unit == LabelUnit::frame);
    CHECK(status.budget.labelled == doctest::Approx(0.1));
}

TEST_CASE("hidden truth is no state of any frame") {
    const TemporaryFolder folder;
    ProjectSession session = tests::project_of_four(folder, schemas::LayerKind::truth);
    CHECK(project_status(session).tracks.front().states.at("unlabelled") == 120);
}

TEST_CASE("a recording that is gone is a problem, and its clip stays") {
    const TemporaryFolder folder;
    ProjectSession session = tests::project_of_four(folder);
    std::filesystem::remove(folder.path() / "recordings" / "a01_s01_e01_skeleton3D.txt");
    const ProjectStatus status = project_status(session);
    REQUIRE(status.problems.size() == 1);
    CHECK(status.problems.front().path == "../recordings/a01_s01_e01_skeleton3D.txt");
    CHECK(status.problems.front().problem.what.find("is missing") != std::string::npos);
    CHECK(status.clips == 4);
}

TEST_CASE("a fresh project has a status too") {
    const TemporaryFolder folder;
    ProjectSession session = tests::empty_project(folder);
    const ProjectStatus status = project_status(session);
    CHECK(status.frames == 0);
    CHECK(status.budget.labelled == 0);
}

TEST_CASE("what an import found is a problem while the import stands") {
    const TemporaryFolder folder;
    std::string dead;
    for (int line = 0; line < 40; ++line) dead += "0 0 0 0\n";
    tests::write_file(folder, "r/a01_s01_e01_skeleton3D.txt", tests::msr_lines(3) + dead + tests::msr_lines(3));
    ProjectSession session = tests::empty_project(folder);
    ingest(session, tests::ingest_of(folder.path() / "r", "msr"), {}).value();
    CHECK(project_status(session).problems.size() == 1);
    session.undo();
    CHECK(project_status(session).problems.empty());
    session.redo();
    CHECK(project_status(session).problems.size() == 1);
}

}  // namespace annotator
