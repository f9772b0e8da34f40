#include "annotator/workflows/simulation_summary.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>

#include "annotator/workflows/curve_picture.h"

namespace annotator {
namespace {

SimulationRow row(const std::string& strategy, std::uint64_t seed, const std::string& fold, double labelled,
                  std::optional<double> unseen) {
    SimulationRow made;
    made.strategy = strategy;
    made.seed = seed;
    made.test_performers = fold;
    made.labelled = labelled;
    made.unseen_accuracy = unseen;
    made.corpus_accuracy = labelled + (1 - labelled) * unseen.value_or(0);
    made.operations = 10, made.operations_scratch = 20, made.operations_inherited = 15;
    return made;
}

const CurveSummary* summary_of(const std::vector<CurveSummary>& list, const std::string& strategy,
                               const std::string& reading) {
    const auto found = std::ranges::find_if(
        list, [&](const CurveSummary& each) { return each.strategy == strategy && each.reading == reading; });
    return found == list.end() ? nullptr : &*found;
}

}  // namespace

TEST_CASE("the figures of a learning curve are those worked out by hand") {
    const std::vector<CurvePoint> points{{0.1, 0.4}, {0.2, 0.6}, {0.5, 0.75}, {1, 0.8}};
    const CurveFigures figures = curve_figures(points, 0.8);
    CHECK(figures.full == 0.8);
    CHECK(*figures.at_20 == doctest::Approx(0.75));
    // A triangle up to 10 %, a trapezium up to 20 %: 0.02 + 0.05 of 0.16.
    CHECK(*figures.area_to_20 == doctest::Approx(0.07 / 0.16));
    CHECK(*figures.needed[0] == doctest::Approx(0.2 + 0.3 * (0.72 - 0.6) / 0.15));
    CHECK(*figures.needed[1] == doctest::Approx(0.5 + 0.5 * 0.01 / 0.05));
    CHECK(*figures.needed[2] == doctest::Approx(0.5 + 0.5 * 0.042 / 0.05));
}

TEST_CASE("a curve tells nothing that it does not show") {
    const std::vector<CurvePoint> points{{0.05, 0.5}, {0.1, 0.6}};
    const CurveFigures none = curve_figures(points, std::nullopt);
    CHECK_FALSE(none.full.has_value());
    CHECK_FALSE(none.needed[0].has_value());
    const CurveFigures some = curve_figures(points, 0.65);
    CHECK_FALSE(some.at_20.has_value());
    CHECK_FALSE(some.area_to_20.has_value());
    CHECK(*some.needed[0] == doctest::Approx(0.05 + 0.05 * (0.585 - 0.5) / 0.1));
    CHECK_FALSE(some.needed[1].has_value());
    // What the first point reaches already takes no more labels than that point.
    CHECK(*curve_figures(points, 0.5).needed[0] == 0.05);
    CHECK(curve_figures({}, 0.5).full == 0.5);
    CHECK_FALSE(curve_figures({}, 0.5).at_20.has_value());
}

TEST_CASE("a point that whole samples put just below 20 % counts as 20 %") {
    const std::vector<CurvePoint> points{{0.1, 0.4}, {0.195, 0.6}};
    CHECK(*curve_figures(points, 0.8).at_20 == doctest::Approx(0.75));
    CHECK_FALSE(curve_figures(std::vector<CurvePoint>{{0.18, 0.6}}, 0.8).at_20.has_value());
}

TEST_CASE("folds are averaged within a seed, and seeds have a mean and a deviation") {
    const std::vector<SimulationRow> rows{row("random", 0, "01", 0.2, 0.4), row("random", 0, "01", 1, 0.8),
                                          row("random", 0, "02", 0.2, 0.6), row("random", 0, "02", 1, 1.0),
                                          row("random", 1, "01", 0.2, 0.6), row("random", 1, "01", 1, 0.8),
                                          row("random", 1, "02", 0.2, 0.8), row("random", 1, "02", 1, 0.8)};
    const auto points = point_summaries(rows);
    REQUIRE(points.size() == 2);
    CHECK(points[0].labelled == doctest::Approx(0.2));
    CHECK(points[0].values.at("unseen_accuracy").mean == doctest::Approx(0.6));
    CHECK(points[0].values.at("unseen_accuracy").deviation == doctest::Approx(std::sqrt(0.02)));
    CHECK(points[0].values.at("unseen_accuracy").seeds == 2);
    CHECK(points[0].values.at("operations").mean == 0.5);
    CHECK(points[0].values.at("operations_policy_a").mean == 0.75);
    CHECK_FALSE(points[0].values.contains("pool_accuracy"));
    const auto curves = curve_summaries(rows);
    const CurveSummary* unseen = summary_of(curves, "random", "unseen_accuracy");
    REQUIRE(unseen != nullptr);
    CHECK(unseen->figures.at("full").mean == doctest::Approx(0.85));
    CHECK(unseen->figures.at("r20").mean == doctest::Approx((0.5 / 0.9 + 0.7 / 0.8) / 2));
    CHECK(summary_of(curves, "random", "pool_accuracy") == nullptr);
    CHECK(summary_of(curves, "random", "corpus_accuracy")->figures.at("full").mean == 1);
}

TEST_CASE("the full accuracy of a strategy without a point at 100 % is that of 'all' with the same seed") {
    const std::vector<SimulationRow> rows{row("random", 0, "", 0.2, 0.4), row("random", 1, "", 0.2, 0.4),
                                          row("all", 0, "", 1, 0.8)};
    const auto curves = curve_summaries(rows);
    const CurveSummary* unseen = summary_of(curves, "random", "unseen_accuracy");
    REQUIRE(unseen != nullptr);
    CHECK(unseen->figures.at("r20").mean == doctest::Approx(0.5));
    CHECK(unseen->figures.at("r20").seeds == 1);
    CHECK(curve_summaries({row("random", 0, "", 0.2, 0.4)}).empty());
}

TEST_CASE("the picture has a panel for each accuracy there is, a line for each strategy, and names made safe") {
    std::vector<SimulationRow> rows{row("random", 0, "", 0.2, 0.4), row("random", 0, "", 0.5, 0.6),
                                    row("facility", 0, "", 0.2, 0.5), row("facility", 0, "", 0.5, 0.7)};
    const std::string svg = curves_svg(point_summaries(rows), "a < b & \"c\"");
    const auto count = [&](const std::string& part) {
        std::size_t found = 0;
        for (std::size_t at = svg.find(part); at != std::string::npos; at = svg.find(part, at + 1)) ++found;
        return found;
    };
    CHECK(svg.find("a &lt; b &amp; &quot;c&quot;") != std::string::npos);
    CHECK(count("<polyline") == 4);
    CHECK(count("<polygon") == 4);
    CHECK(count("% right") == 2);
    CHECK(count(">random<") == 1);
    CHECK(svg.starts_with("<?xml"));
    CHECK(svg.ends_with("</svg>\n"));
    CHECK(count("nan") == 0);
    // Twenty per cent lies at the square root of 0.2 of the width, and 40 % of 0.4 to 1 at the bottom.
    CHECK(svg.find("204.1,304.0") != std::string::npos);
    CHECK(curves_svg({}, "").ends_with("</svg>\n"));
}

}  // namespace annotator
