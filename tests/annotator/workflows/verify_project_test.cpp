#include "annotator/workflows/verify_project.h"

#include <doctest/doctest.h>

#include <algorithm>

#include "tests/annotator/small_recordings.h"

namespace annotator {
namespace {

using storage::Finding;
using storage::Severity;
using tests::project_of_four;
using tests::TemporaryFolder;

std::vector<Finding> findings_of(ProjectSession& session) { return verify_project(session, {}).value(); }

}  // namespace

TEST_CASE("an untouched project has no findings, and neither has an empty one") {
    const TemporaryFolder folder;
    ProjectSession session = project_of_four(folder);
    CHECK(findings_of(session).empty());
    session.undo();
    session.undo();
    CHECK(findings_of(session).empty());
    ProjectSession empty = tests::empty_project(folder, "empty");
    CHECK(findings_of(empty).empty());
}

TEST_CASE("a recording that was changed since it was imported is an error") {
    const TemporaryFolder folder;
    ProjectSession session = project_of_four(folder);
    tests::write_file(folder, "recordings/a01_s01_e01_skeleton3D.txt", tests::msr_lines(29));
    const auto findings = findings_of(session);
    REQUIRE(findings.size() == 1);
    CHECK(findings.front().severity == Severity::error);
    CHECK(findings.front().where == "../recordings/a01_s01_e01_skeleton3D.txt");
    CHECK(findings.front().what.find("is not the one that was imported") != std::string::npos);
}

TEST_CASE("a recording that is missing is a warning: labels are safe") {
    const TemporaryFolder folder;
    ProjectSession session = project_of_four(folder);
    std::filesystem::remove(folder.path() / "recordings" / "a02_s01_e01_skeleton3D.txt");
    const auto findings = findings_of(session);
    REQUIRE(findings.size() == 1);
    CHECK(findings.front().severity == Severity::warning);
    CHECK(findings.front().what.find("missing") != std::string::npos);
}

TEST_CASE("a split whose groups straddle its subsets is an error") {
    const TemporaryFolder folder;
    ProjectSession session = project_of_four(folder);
    schemas::Split split;
    split.id = session.ids().fresh<schemas::SplitId>();
    split.name = "by hand";
    split.scheme = "50/0/50";
    split.grouped = "performer,take";
    for (const auto& [id, clip] : session.document().rows<schemas::Clip>())
        split.members.push_back({id, 0, clip.name.starts_with("a01") ? schemas::Subset::train : schemas::Subset::test});
    session.store().put_split(split);
    const auto findings = findings_of(session);
    CHECK(findings.size() == 2);
    CHECK(std::ranges::all_of(findings, [](const Finding& finding) {
        return finding.severity == Severity::error && finding.where == "split by hand" &&
               finding.what.starts_with("performer");
    }));
}

TEST_CASE("a stopped check says nothing at all") {
    const TemporaryFolder folder;
    ProjectSession session = project_of_four(folder);
    std::stop_source stop;
    stop.request_stop();
    JobContext job;
    job.stop = stop.get_token();
    CHECK(!verify_project(session, job));
}

}  // namespace annotator
