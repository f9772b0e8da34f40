#include <doctest/doctest.h>

#include <cmath>
#include <fstream>
#include <sstream>

#include "annotator/document/queries.h"
#include "annotator/document/taxonomy_commands.h"
#include "annotator/workflows/export_dataset.h"
#include "annotator/workflows/import_labels.h"
#include "annotator/workflows/verify_project.h"
#include "tests/annotator/small_films.h"
#include "tests/annotator/small_recordings.h"

// A video whose frames are unevenly spaced, from its import over labels in seconds to an export that a third party
// verifies against the file: every number on the way is that of the table of presentation times, and none is what
// time x rate would give.
namespace annotator {
namespace {

using storage::Finding;
using storage::Severity;
using tests::TemporaryFolder;
using tests::uneven_times;

ProjectSession filmed_unevenly(const TemporaryFolder& folder) {
    tests::write_film(folder, {"r/walk.mkv", uneven_times()});
    return tests::imported_project(folder);
}

// "turn" from 0.5 s to 1.6 s: the frames 4, 5 and 6.
void label_in_seconds(ProjectSession& session, const TemporaryFolder& folder) {
    LabelImport wanted;
    wanted.files = {tests::write_file(folder, "labels.csv",
                                      "clip,track,begin_seconds,end_seconds,label\nwalk,category,0.5,1.6,turn\n")};
    CHECK(import_labels(session, wanted).segments == 1);
}

schemas::FrameSpan labelled(const ProjectSession& session) {
    return session.document().rows<schemas::Segment>().begin()->second.span();
}

std::vector<std::vector<std::string>> rows_of(const std::filesystem::path& csv) {
    std::ifstream file(csv);
    std::vector<std::vector<std::string>> rows;
    for (std::string line; std::getline(file, line);) {
        rows.emplace_back();
        std::istringstream cells(line);
        for (std::string cell; std::getline(cells, cell, ',');) rows.back().push_back(cell);
    }
    return rows;
}

std::vector<Finding> checked(const std::filesystem::path& folder, const std::filesystem::path& media) {
    std::vector<Finding> findings = storage::verify_export(folder);
    for (const Thoroughness how : {Thoroughness::usual, Thoroughness::decode_everything}) {
        const std::vector<Finding> found = verify_export_media(folder, media, how, {}).value();
        findings.insert(findings.end(), found.begin(), found.end());
    }
    return findings;
}

}  // namespace

TEST_CASE("labels in seconds go to the frames of the table, where time x rate would put them elsewhere") {
    const TemporaryFolder folder;
    ProjectSession session = filmed_unevenly(folder);
    label_in_seconds(session, folder);
    CHECK(labelled(session) == schemas::FrameSpan{4, 7});
    const double rate = session.document().rows<schemas::Stream>().begin()->second.rate().per_second();
    CHECK(std::lround(0.5 * rate) != 4);
    CHECK(std::lround(1.6 * rate) != 7);
}

TEST_CASE("an export of unevenly spaced frames carries their pts, its labels their times, and verifies") {
    const TemporaryFolder folder;
    ProjectSession session = filmed_unevenly(folder);
    label_in_seconds(session, folder);
    const auto out = folder.path() / "out";
    export_dataset(session, out, {}, ExportRun::write);

    const auto rows = rows_of(out / "frames" / "walk.csv");
    REQUIRE(rows.size() == 11);
    CHECK(rows[0] == std::vector<std::string>{"index", "pts", "seconds", "key"});
    for (std::size_t i = 0; i < 10; ++i) {
        CHECK(rows[i + 1][0] == std::to_string(i));
        CHECK(rows[i + 1][1] == std::to_string(uneven_times()[i]));
        CHECK(std::stod(rows[i + 1][2]) == static_cast<double>(uneven_times()[i]) / 1'000);
    }
    const auto segments = rows_of(out / "segments.csv");
    REQUIRE(segments.size() == 2);
    CHECK(std::vector<std::string>(segments[1].begin() + 3, segments[1].begin() + 7) ==
          std::vector<std::string>{"4", "7", "0.5", "1.6"});
    CHECK(checked(out, session.store().folder()).empty());
    CHECK(checked(out, folder.path() / "r").empty());
}

TEST_CASE("an export states the time base and which stream of which file its frames are of") {
    const TemporaryFolder folder;
    ProjectSession session = filmed_unevenly(folder);
    const storage::Dataset dataset = dataset_of(session, {});
    REQUIRE(dataset.clips.size() == 1);
    CHECK(storage::time_base_of(dataset.clips[0]) == schemas::TickLength{1, 1'000});
    REQUIRE(dataset.clips[0].media.size() == 1);
    CHECK(dataset.clips[0].media[0].frames == 10);
    const auto out = folder.path() / "out";
    export_dataset(session, out, {}, ExportRun::write);
    const std::string clips = tests::bytes_of(out / "clips.csv");
    CHECK(clips.find("time_base") != std::string::npos);
    CHECK(clips.find(",1/1000,") != std::string::npos);
}

TEST_CASE("a label at the end of a clip that is cut from a take ends when its next frame is shown") {
    const TemporaryFolder folder;
    ProjectSession session = filmed_unevenly(folder);
    schemas::Clip clip = session.document().rows<schemas::Clip>().begin()->second;
    clip.id = session.ids().fresh<schemas::ClipId>();
    clip.name = "cut";
    clip.begin_frame = 2;
    clip.end_frame = 4;
    session.commit([&](const EditStamp&) {
        return schemas::Edit{"Cut", {schemas::RowChange<schemas::Clip>{std::nullopt, clip}}};
    });
    const auto out = folder.path() / "out";
    export_dataset(session, out, {}, ExportRun::write);
    const auto rows = rows_of(out / "frames" / "cut.csv");
    REQUIRE(rows.size() == 3);
    CHECK(rows[1][1] == "67");
    CHECK(dataset_of(session, {}).clips.at(0).end_seconds == 0.5);
    CHECK(checked(out, folder.path() / "r").empty());
}

TEST_CASE("an export is not verified by a recording with other frames, nor by none") {
    const TemporaryFolder folder;
    ProjectSession session = filmed_unevenly(folder);
    const auto out = folder.path() / "out";
    export_dataset(session, out, {}, ExportRun::write);
    tests::write_film(folder, {"other/walk.mkv", tests::even_times(10)});
    const auto others = verify_export_media(out, folder.path() / "other", {}, {}).value();
    REQUIRE(others.size() == 1);
    CHECK(others[0].severity == Severity::error);
    CHECK(others[0].what.find("is not the recording that was exported") != std::string::npos);

    std::filesystem::create_directory(folder.path() / "empty");
    const auto none = verify_export_media(out, folder.path() / "empty", {}, {}).value();
    REQUIRE(none.size() == 1);
    CHECK(none[0].severity == Severity::warning);
}

TEST_CASE("an export whose frame table is not that of the recording is found out, row by row") {
    const TemporaryFolder folder;
    ProjectSession session = filmed_unevenly(folder);
    const auto out = folder.path() / "out";
    export_dataset(session, out, {}, ExportRun::write);
    std::string table = tests::bytes_of(out / "frames" / "walk.csv");
    const auto at = table.find("1510,1.51");
    REQUIRE(at != std::string::npos);
    table.replace(at, 9, "1520,1.52");
    std::ofstream(out / "frames" / "walk.csv") << table;
    const auto findings = verify_export_media(out, folder.path() / "r", {}, {}).value();
    REQUIRE(findings.size() == 1);
    CHECK(findings[0].where == "frames/walk.csv");
    CHECK(findings[0].what.find("frame 6 has the pts 1510, and 1520 was noted down") != std::string::npos);
}

TEST_CASE("a project is verified thoroughly by decoding its videos again") {
    const TemporaryFolder folder;
    ProjectSession session = filmed_unevenly(folder);
    CHECK(verify_project(session, {}, Thoroughness::decode_everything).value().empty());
    storage::Connection(session.store().folder() / "project.sqlite", storage::Access::read_write)
        .execute("UPDATE frame_table SET ticks = zeroblob(80)");
    CHECK(verify_project(session, {}).value().empty());
    const auto findings = verify_project(session, {}, Thoroughness::decode_everything).value();
    REQUIRE(findings.size() == 1);
    CHECK(findings[0].what.find("frame 1 has the pts 33, and 0 was noted down") != std::string::npos);
}

}  // namespace annotator
