#include "annotator/session/run_report.h"

#include <doctest/doctest.h>

#include "annotator/session/training_curves.h"

using namespace annotator;

namespace {

schemas::ModelVersion model_with(const std::string& metrics, const std::string& options = R"({"track":"category"})") {
    schemas::ModelVersion model;
    model.metrics = metrics;
    model.options = options;
    return model;
}

}  // namespace

TEST_CASE("a run says how good it is and which examples it got wrong") {
    const RunReport report = run_report(model_with(
        R"({"labelled": 4, "curve": [{"step": 10, "losses": {"total": 2.5}}],
            "validation": {"samples": 2, "accuracy": 0.5, "labels": ["a", "b"],
            "confusion": [[1, 0], [1, 0]],
            "examples": [{"clip": "7", "span": [3, 9], "truth": 1, "predicted": 0, "confidence": 0.8}]}})"));
    CHECK(report.track == "category");
    REQUIRE(report.curve.size() == 1);
    CHECK(report.curve[0].step == 10);
    CHECK(report.curve[0].figures.at("total") == 2.5);
    CHECK(report.validated);
    CHECK(report.accuracy == 0.5);
    CHECK(report.confusion == std::vector<std::int64_t>{1, 0, 1, 0});
    REQUIRE(report.examples.size() == 1);
    CHECK(report.examples[0].clip == schemas::ClipId{7});
    CHECK(report.examples[0].span == schemas::FrameSpan{3, 9});
}

TEST_CASE("a run that was not validated, or is of another version, says as much as it can") {
    CHECK_FALSE(run_report(model_with(R"({"labelled": 4, "validation": null})")).validated);
    CHECK(run_report(model_with(R"({"labelled": 4, "validation": null})")).labelled == 4);
    CHECK(run_report(model_with("broken", "broken")).track.empty());
    CHECK(run_report(model_with(R"({"validation": {"confusion": [["x"]]}})")).confusion.empty());
    CHECK(run_report(model_with(R"({"validation": {"labels": ["a"], "confusion": [[1, 2]]}})")).confusion.empty());
}

TEST_CASE("curves are those of the newest run, losses first, shares of 1 last") {
    const std::vector<CurvePoint> points{
        {"Training on a part, for validation", 10, {{"total", 3}}},
        {"Training", 10, {{"cross_entropy", 2}, {"total", 2.5}, {"validation_accuracy", 0.2}}},
        {"Training", 20, {{"cross_entropy", 1}, {"total", 1.5}}}};
    const auto curves = training_curves(points);
    REQUIRE(curves.size() == 3);
    CHECK(curves[0].name == "loss");
    CHECK(curves[0].points == std::vector<std::pair<double, double>>{{10, 2.5}, {20, 1.5}});
    CHECK(curves[1].name == "cross-entropy");
    CHECK(curves[2].share);
    CHECK(curves[2].points.size() == 1);
}
