#include "annotator/workflows/export_dataset.h"

#include <doctest/doctest.h>

#include <map>
#include <stdexcept>

#include "annotator/workflows/edit_script.h"
#include "annotator/workflows/import_labels.h"
#include "annotator/workflows/split_project.h"
#include "storage/export/verify_export.h"
#include "tests/annotator/small_recordings.h"

namespace annotator {
namespace {

using tests::project_of_four;
using tests::TemporaryFolder;

std::map<std::string, std::string> contents_of(const std::filesystem::path& folder) {
    std::map<std::string, std::string> contents;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(folder))
        if (entry.is_regular_file())
            contents[entry.path().lexically_relative(folder).string()] = tests::bytes_of(entry.path());
    return contents;
}

void import_truth(ProjectSession& session, const TemporaryFolder& folder) {
    LabelImport wanted;
    wanted.files = {
        tests::write_file(folder, "t.csv", "clip,track,begin,end,label\na01_s01_e01,primitive,3,17,secret\n")};
    wanted.layer = "hidden";
    wanted.layer_kind = schemas::LayerKind::truth;
    CHECK(import_labels(session, wanted).segments == 1);
}

std::size_t segments_in(const storage::Dataset& dataset) {
    std::size_t count = 0;
    for (const storage::DatasetClip& clip : dataset.clips) count += clip.segments.size();
    return count;
}

}  // namespace

TEST_CASE("an export with splits and features verifies without a finding") {
    const TemporaryFolder folder;
    ProjectSession session = project_of_four(folder);
    SplitProjectOptions split;
    split.split.scheme = "50/0/50";
    split_project(session, split);
    ExportProjectOptions options;
    options.split = "main";
    options.features = ExportProjectOptions::Features::skeleton;
    const auto out = folder.path() / "out";
    const auto report = export_dataset(session, out, options, ExportRun::write);
    for (const storage::Finding& finding : storage::verify_export(out))
        FAIL_CHECK(finding.where << ": " << finding.what);
    CHECK(contents_of(out).contains("SHA256SUMS"));
    CHECK(!report.files.empty());
}

TEST_CASE("invariant 6: an export is the same bytes a second time, and in a session of its own") {
    const TemporaryFolder folder;
    const auto first = folder.path() / "first", second = folder.path() / "second", third = folder.path() / "third";
    {
        ProjectSession session = project_of_four(folder);
        export_dataset(session, first, {}, ExportRun::write);
        export_dataset(session, second, {}, ExportRun::write);
    }
    SessionOptions reading;
    reading.access = storage::Access::read_only;
    ProjectSession session(folder.path() / "project", reading);
    export_dataset(session, third, {}, ExportRun::write);
    CHECK(contents_of(second) == contents_of(first));
    CHECK(contents_of(third) == contents_of(first));
}

TEST_CASE("hidden truth is exported only when its layer is named") {
    const TemporaryFolder folder;
    ProjectSession session = project_of_four(folder, schemas::LayerKind::truth);
    import_truth(session, folder);
    CHECK(segments_in(dataset_of(session, {})) == 0);
    const auto out = folder.path() / "out";
    export_dataset(session, out, {}, ExportRun::write);
    CHECK(tests::bytes_of(out / "segments.csv").find("secret") == std::string::npos);
    CHECK(tests::bytes_of(out / "activitynet.json").find("\"label\": \"secret\"") == std::string::npos);

    ExportProjectOptions options;
    options.layer = "hidden";
    CHECK(segments_in(dataset_of(session, options)) == 1);
    export_dataset(session, out, options, ExportRun::write);
    CHECK(tests::bytes_of(out / "segments.csv").find("secret") != std::string::npos);
}

TEST_CASE("a person's label stands before an imported one") {
    const TemporaryFolder folder;
    ProjectSession session = project_of_four(folder);
    run_edit_script(session, nlohmann::json::parse(R"([{"do": "draw", "clip": "a01_s01_e01", "label": "02"}])"));
    const storage::Dataset dataset = dataset_of(session, {});
    REQUIRE(dataset.clips.front().segments.size() == 1);
    CHECK(dataset.clips.front().segments.front().author == "Ana");
    CHECK(dataset.state_frames.at("drawn") == 30);
    CHECK(dataset.state_frames.at("imported") == 90);
}

TEST_CASE("frames have the times of the reference stream") {
    const TemporaryFolder folder;
    ProjectSession session = project_of_four(folder);
    const storage::Dataset dataset = dataset_of(session, {});
    const storage::DatasetClip& clip = dataset.clips.front();
    REQUIRE(clip.table.seconds.size() == 30);
    CHECK(clip.table.seconds.front() == 0);
    CHECK(clip.table.seconds.back() == doctest::Approx(29.0 / 15));
    CHECK(clip.end_seconds == doctest::Approx(2));
}

TEST_CASE("a plan lists the files that an export then writes, and writes none") {
    const TemporaryFolder folder;
    ProjectSession session = project_of_four(folder);
    const auto out = folder.path() / "out";
    const auto planned = export_dataset(session, out, {}, ExportRun::plan);
    CHECK(!std::filesystem::exists(out));
    const auto written = export_dataset(session, out, {}, ExportRun::write);
    CHECK(planned.files.size() == written.files.size());
}

TEST_CASE("an export replaces an earlier one, but no other folder and nothing of the project") {
    const TemporaryFolder folder;
    ProjectSession session = project_of_four(folder);
    const auto out = folder.path() / "out";
    export_dataset(session, out, {}, ExportRun::write);
    CHECK_NOTHROW(export_dataset(session, out, {}, ExportRun::write));
    tests::write_file(folder, "mine/notes.txt", "keep me");
    CHECK_THROWS(export_dataset(session, folder.path() / "mine", {}, ExportRun::write));
    CHECK(tests::bytes_of(folder.path() / "mine" / "notes.txt") == "keep me");
    for (const char* inside : {"project", "project/models", "project/new", "project/../project/cache"})
        CHECK_THROWS_AS(export_dataset(session, folder.path() / inside, {}, ExportRun::write), std::invalid_argument);
    CHECK_THROWS_AS(export_dataset(session, "", {}, ExportRun::write), std::invalid_argument);
}

TEST_CASE("unknown formats, splits, layers and tracks are refused, and nothing is written") {
    const TemporaryFolder folder;
    ProjectSession session = project_of_four(folder);
    const auto out = folder.path() / "out";
    ExportProjectOptions formats, split, layer, track;
    formats.formats = {"nonsense"};
    split.split = "nonsense";
    layer.layer = "nonsense";
    track.track = "nonsense";
    for (const ExportProjectOptions& options : {formats, split, layer, track})
        CHECK_THROWS_AS(export_dataset(session, out, options, ExportRun::write), std::invalid_argument);
    CHECK(!std::filesystem::exists(out));
}

TEST_CASE("a project without clips exports too") {
    const TemporaryFolder folder;
    ProjectSession session = tests::empty_project(folder);
    export_dataset(session, folder.path() / "out", {}, ExportRun::write);
    CHECK(storage::verify_export(folder.path() / "out").empty());
}

}  // namespace annotator
