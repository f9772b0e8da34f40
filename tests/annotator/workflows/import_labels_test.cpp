#include "annotator/workflows/import_labels.h"

#include <doctest/doctest.h>

#include <algorithm>

#include "annotator/document/queries.h"
#include "annotator/document/taxonomy_commands.h"
#include "tests/annotator/small_recordings.h"

namespace annotator {
namespace {

using schemas::Segment;
using tests::project_of_four;
using tests::TemporaryFolder;
using tests::write_file;

constexpr const char* header = "clip,track,performer,begin,end,label\n";

LabelImport from_file(const std::filesystem::path& file, const std::string& layer = "labels") {
    LabelImport wanted;
    wanted.files = {file};
    wanted.layer = layer;
    return wanted;
}

LabelImportResult from_rows(ProjectSession& session, const TemporaryFolder& folder, const std::string& rows,
                            const std::string& layer = "labels") {
    return import_labels(session, from_file(write_file(folder, "labels.csv", header + rows), layer));
}

std::size_t labels_on(const ProjectSession& session, const std::string& track, const std::string& layer) {
    std::size_t count = 0;
    const Document& document = session.document();
    for (const auto& [id, segment] : document.rows<Segment>())
        count += document.at<schemas::Track>(segment.track).name == track &&
                         document.at<schemas::Layer>(segment.layer).name == layer
                     ? 1
                     : 0;
    return count;
}

bool mentions(const std::vector<std::string>& texts, const std::string& part) {
    return std::ranges::any_of(texts, [&](const auto& text) { return text.find(part) != std::string::npos; });
}

bool mentions(const std::vector<storage::ReadProblem>& problems, const std::string& part) {
    return std::ranges::any_of(problems,
                               [&](const auto& problem) { return problem.what.find(part) != std::string::npos; });
}

}  // namespace

TEST_CASE("labels of a format in which they overlap go to a free track, made when there is none") {
    const TemporaryFolder folder;
    ProjectSession session = project_of_four(folder);
    const auto file = write_file(folder, "dataloop.json",
                                 R"({"name": "a01_s01_e01.webm", "annotations": [
            {"label": "Left Step", "metadata": {"system": {"frame": 2, "endFrame": 8}}},
            {"label": "Weight Transfer", "metadata": {"system": {"frame": 2, "endFrame": 8}}}]})");
    const auto result = import_labels(session, from_file(file));
    CHECK(result.segments == 2);
    CHECK(result.problems.empty());
    CHECK(labels_on(session, "free", "labels") == 2);
    CHECK(import_labels(session, from_file(file)).already_there == 2);
    CHECK(import_labels(session, from_file(file, "others")).segments == 2);
    CHECK(labels_on(session, "free", "others") == 2);
}

TEST_CASE("rows of a table become labels on the tracks and of the performers that they name") {
    const TemporaryFolder folder;
    ProjectSession session = project_of_four(folder);
    const auto result = from_rows(session, folder,
                                  "a01_s01_e01,category,,0,30,跳\n"
                                  "a01_s01_e01,primitive,01,0,10,up\n"
                                  "a01_s01_e01,primitive,01,10,30,down\n"
                                  "a02_s02_e01,primitive,Eve,0,30,up\n");
    CHECK(result.segments == 4);
    CHECK(result.clips == 2);
    CHECK(result.problems.empty());
    CHECK(result.left_out.empty());
    CHECK(labels_on(session, "category", "labels") == 1);
    CHECK(labels_on(session, "primitive", "labels") == 3);
    CHECK(performer_named(session.document(), "Eve") != nullptr);
    const auto* layer = layer_named(session.document(), "labels");
    REQUIRE(layer != nullptr);
    CHECK(layer->kind == schemas::LayerKind::import);
}

TEST_CASE("importing the same labels again adds nothing") {
    const TemporaryFolder folder;
    ProjectSession session = project_of_four(folder);
    const std::string rows = "a01_s01_e01,category,,0,30,jump\na02_s01_e01,category,,0,10,turn\n";
    from_rows(session, folder, rows);
    const Document before = session.document();
    const auto logged = session.journal().last_sequence;
    const auto again = from_rows(session, folder, rows);
    CHECK(again.segments == 0);
    CHECK(again.already_there == 2);
    CHECK(session.document() == before);
    CHECK(session.journal().last_sequence == logged);
}

TEST_CASE("labels of clips that the project lacks are left out by name, and the others come in") {
    const TemporaryFolder folder;
    ProjectSession session = project_of_four(folder);
    const auto result = from_rows(session, folder, "nowhere,category,,0,3,jump\na01_s01_e01,category,,0,30,jump\n");
    CHECK(result.segments == 1);
    CHECK(mentions(result.left_out, "no clip 'nowhere'"));
}

TEST_CASE("a clip may be called by the name of its recording") {
    const TemporaryFolder folder;
    ProjectSession session = project_of_four(folder);
    CHECK(from_rows(session, folder, "a01_s01_e01_skeleton3D,category,,0,30,jump\n").segments == 1);
}

TEST_CASE("a label that would overlap another of an exclusive track is left out and listed") {
    const TemporaryFolder folder;
    ProjectSession session = project_of_four(folder);
    const auto result =
        from_rows(session, folder, "a01_s01_e01,category,,0,20,jump\na01_s01_e01,category,,10,30,turn\n");
    CHECK(result.segments == 1);
    CHECK(mentions(result.problems, "overlaps another label of track 'category'"));
    const auto later = from_rows(session, folder, "a01_s01_e01,category,,15,30,turn\n");
    CHECK(later.segments == 0);
    CHECK(mentions(later.problems, "overlaps another label"));
    CHECK(from_rows(session, folder, "a01_s01_e01,category,,15,30,turn\n", "another").segments == 1);
}

TEST_CASE("no label reaches beyond its clip") {
    const TemporaryFolder folder;
    ProjectSession session = project_of_four(folder);
    const auto result = from_rows(session, folder,
                                  "a01_s01_e01,category,,40,50,late\n"
                                  "a01_s02_e01,category,,-5,4,early\n"
                                  "a02_s01_e01,category,,9,9,empty\n"
                                  "a02_s02_e01,category,,9,3,backwards\n");
    CHECK(result.problems.size() >= 4);
    for (const auto& [id, segment] : session.document().rows<Segment>()) {
        CHECK(schemas::is_valid(segment.span()));
        CHECK(segment.end_frame <= 30);
    }
}

TEST_CASE("a file that cannot be read is listed, and an unknown format, layer kind or track is refused") {
    const TemporaryFolder folder;
    ProjectSession session = project_of_four(folder);
    const auto result = import_labels(session, from_file(folder.path() / "absent.csv"));
    CHECK(result.left_out.size() == 1);
    LabelImport wanted = from_file(write_file(folder, "l.csv", std::string(header) + "a01_s01_e01,,,0,3,x\n"));
    wanted.format = "nonsense";
    CHECK_THROWS_AS(import_labels(session, wanted), std::invalid_argument);
    wanted.format = "csv";
    wanted.track = "nonsense";
    CHECK_THROWS_AS(import_labels(session, wanted), std::invalid_argument);
    wanted.track = "";
    wanted.layer = "names";
    wanted.layer_kind = schemas::LayerKind::truth;
    CHECK_THROWS_AS(import_labels(session, wanted), EditConflict);
}

TEST_CASE("tolerance intervals of boundaries are kept by layer, also when another file follows") {
    const TemporaryFolder folder;
    write_file(folder, "r/86_01_skeleton3D.txt", tests::msr_lines(60));
    write_file(folder, "r/86_02_skeleton3D.txt", tests::msr_lines(60, 1));
    ProjectSession session = tests::imported_project(folder);
    const auto first = write_file(folder, "one.txt", "86 01\nwalk 10 20 30\njump 45 40 50\nwalk 60 60 60\n");
    const auto result = import_labels(session, from_file(first, "segments"));
    CHECK(result.segments == 3);
    CHECK(mentions(result.problems, "not in order"));
    import_labels(session,
                  from_file(write_file(folder, "two.txt", "86 02\nturn 5 10 15\nwalk 60 60 60\n"), "segments"));

    const Tolerances tolerances = tolerances_of(session, "segments");
    const auto& of_first = tolerances.at(clip_named(session.document(), "86_01")->id);
    REQUIRE(of_first.size() == 2);
    CHECK(of_first[0].earliest == 10);
    CHECK(of_first[0].latest == 30);
    CHECK(of_first[1].earliest == 40);
    CHECK(of_first[1].latest == 50);
    CHECK(tolerances.at(clip_named(session.document(), "86_02")->id).size() == 1);
    CHECK(tolerances_of(session, "nothing").empty());
}

}  // namespace annotator
