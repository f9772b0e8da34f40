#include "annotator/workflows/evaluate.h"

#include <doctest/doctest.h>

#include "annotator/workflows/import_labels.h"
#include "tests/annotator/small_recordings.h"

namespace annotator {
namespace {

using doctest::Approx;
using nlohmann::json;
using tests::TemporaryFolder;

void import_layer(ProjectSession& session, const TemporaryFolder& folder, const std::string& layer,
                  const std::string& rows) {
    LabelImport wanted;
    wanted.files = {tests::write_file(folder, layer + ".csv", "clip,track,begin,end,label\n" + rows)};
    wanted.layer = layer;
    import_labels(session, wanted);
}

// Truth: turn [0, 10) jump [10, 20) turn [20, 30). Judged: turn [0, 12) jump [12, 30).
ProjectSession compared(const TemporaryFolder& folder) {
    ProjectSession session = tests::project_of_four(folder);
    import_layer(session, folder, "known",
                 "a01_s01_e01,category,0,10,turn\na01_s01_e01,category,10,20,jump\na01_s01_e01,category,20,30,turn\n");
    import_layer(session, folder, "judged", "a01_s01_e01,category,0,12,turn\na01_s01_e01,category,12,30,jump\n");
    return session;
}

}  // namespace

TEST_CASE("two layers are compared by frames, segments, order and boundaries as worked out by hand") {
    const TemporaryFolder folder;
    ProjectSession session = compared(folder);
    const json result = evaluate(session, {"judged", "known", "category", {}});
    CHECK(result.at("clips") == 1);
    CHECK(result.at("segments") == 3);
    CHECK(result.at("frame_accuracy").get<double>() == Approx(18.0 / 30));
    CHECK(result.at("accuracy").get<double>() == Approx(2.0 / 3));
    CHECK(result.at("macro_f1").get<double>() == Approx(2.0 / 3));
    CHECK(result.at("edit").get<double>() == Approx(2.0 / 3));
    CHECK(result.at("f1_25").get<double>() == Approx(4.0 / 5));
    CHECK(result.at("f1_50").get<double>() == Approx(2.0 / 5));
    CHECK(result.at("boundary_f1").at("3").get<double>() == Approx(2.0 / 3));
    CHECK(result.at("boundaries").at("3").at("n") == 2);
    CHECK(result.at("boundaries").at("3").at("mean_distance").get<double>() == Approx(2));
    CHECK(!result.contains("boundary_f1_tolerance"));
    CHECK(result.at("confusion").at("columns") == json{"01", "02", "turn", "jump", "(none)"});
}

TEST_CASE("a layer agrees with itself") {
    const TemporaryFolder folder;
    ProjectSession session = compared(folder);
    const json result = evaluate(session, {"known", "known", "category", {}});
    for (const char* metric : {"accuracy", "macro_f1", "frame_accuracy", "edit", "f1_10", "f1_25", "f1_50"})
        CHECK_MESSAGE(result.at(metric) == 1, metric);
    for (const char* window : {"3", "5", "8"}) CHECK(result.at("boundary_f1").at(window) == 1);
}

TEST_CASE("what is not labelled at all is wrong, and counts in the confusion's last column") {
    const TemporaryFolder folder;
    ProjectSession session = compared(folder);
    import_layer(session, folder, "none", "a02_s01_e01,category,0,30,turn\n");
    const json result = evaluate(session, {"none", "known", "category", {}});
    CHECK(result.at("accuracy") == 0);
    CHECK(result.at("confusion").at("columns").back() == "(none)");
    std::int64_t nothing = 0;
    for (const json& row : result.at("confusion").at("rows")) nothing += row.at("counts").back().get<std::int64_t>();
    CHECK(nothing == 3);
}

TEST_CASE("where the truth came with tolerance intervals, boundaries are judged by them") {
    const TemporaryFolder folder;
    tests::write_file(folder, "r/86_01_skeleton3D.txt", tests::msr_lines(60));
    ProjectSession session = tests::imported_project(folder);
    LabelImport wanted;
    wanted.files = {tests::write_file(folder, "s.txt", "86 01\nwalk 10 20 30\njump 38 40 42\nwalk 60 60 60\n")};
    wanted.layer = "segments";
    import_labels(session, wanted);
    import_layer(session, folder, "judged",
                 "86_01,primitive,0,11,walk\n86_01,primitive,11,45,jump\n86_01,primitive,45,60,walk\n");
    const json result = evaluate(session, {"judged", "segments", "primitive", {}});
    CHECK(result.at("boundary_f1_tolerance").at("n") == 2);
    CHECK(result.at("boundary_f1_tolerance").at("f1").get<double>() == Approx(0.5));
    CHECK(result.at("boundary_f1").at("3") == 0);
}

TEST_CASE("proposals are judged as a layer, also when they have no label yet") {
    const TemporaryFolder folder;
    ProjectSession session = compared(folder);
    CHECK(evaluate(session, {proposals_layer, "known", "category", {}}).at("accuracy") == 0);
}

TEST_CASE("a layer that names a clip's only performer is compared with one that does not") {
    const TemporaryFolder folder;
    ProjectSession session = compared(folder);
    LabelImport wanted;
    wanted.files = {tests::write_file(folder, "named.csv",
                                      "clip,track,performer,begin,end,label\n"
                                      "a01_s01_e01,category,01,0,12,turn\na01_s01_e01,category,01,12,30,jump\n")};
    wanted.layer = "named";
    import_labels(session, wanted);
    for (const char* judged : {"judged", "named"})
        CHECK(evaluate(session, {judged, "known", "category", {}}).at("frame_accuracy").get<double>() ==
              Approx(18.0 / 30));
    CHECK(evaluate(session, {"judged", "named", "category", {}}).at("frame_accuracy") == 1);
}

TEST_CASE("unknown layers, tracks and clips, and a truth without labels, are refused") {
    const TemporaryFolder folder;
    ProjectSession session = compared(folder);
    CHECK_THROWS_AS(evaluate(session, {"nobody", "known", "category", {}}), std::invalid_argument);
    CHECK_THROWS_AS(evaluate(session, {"judged", "nobody", "category", {}}), std::invalid_argument);
    CHECK_THROWS_AS(evaluate(session, {"judged", "known", "nothing", {}}), std::invalid_argument);
    CHECK_THROWS_AS(evaluate(session, {"judged", "known", "category", {"nowhere"}}), std::invalid_argument);
    CHECK_THROWS_AS(evaluate(session, {"judged", "known", "primitive", {}}), std::invalid_argument);
}

}  // namespace annotator
