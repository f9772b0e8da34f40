#pragma once

#include <array>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "annotator/workflows/simulate.h"

// What the rows of a simulation say together: means over folds for each seed, then mean and deviation over seeds
// (models.md 3.1 and 3.3).
namespace annotator {

struct Spread {
    double mean = 0;
    double deviation = 0;   // over seeds; 0 where there is one
    std::size_t seeds = 0;  // that have a value
};
Spread spread_of(std::span<const double> values);

// The accuracies that a curve can show, by the names of their columns.
inline constexpr std::array<std::string_view, 3> readings{"pool_accuracy", "unseen_accuracy", "corpus_accuracy"};

// One strategy at one point of its curve. `values` are by the names of the columns; operations and seconds are shares
// of those from scratch.
struct PointSummary {
    std::string strategy;
    double labelled = 0;
    std::map<std::string, Spread> values;
};
// In the order of the rows.
std::vector<PointSummary> point_summaries(const std::vector<SimulationRow>& rows);

// A learning curve in figures. Between its points it is straight, and it begins with nothing known where nothing is
// labelled.
struct CurvePoint {
    double labelled = 0;
    double accuracy = 0;
};
inline constexpr std::array<double, 3> curve_goals{0.9, 0.95, 0.99};
struct CurveFigures {
    std::optional<double> full;        // the accuracy where all is labelled
    std::optional<double> at_20;       // R20: that at 20 %, as a share of the full one
    std::optional<double> area_to_20;  // AULC@20: the area up to 20 %, as a share of what the full one would have
    // The share of labels that first reaches that share of the full accuracy; of the first point where that one does.
    std::array<std::optional<double>, curve_goals.size()> needed;
};
// `points` by labelled, ascending. Nothing but what can be told: without a full accuracy there is no figure.
CurveFigures curve_figures(std::span<const CurvePoint> points, std::optional<double> full);

// The figures of one strategy by one reading, over seeds, by the names "full" "r20" "aulc20" "needed_90" "needed_95"
// "needed_99". The full accuracy of a seed is that of the strategy's own row with all labels, else of the strategy
// "all".
struct CurveSummary {
    std::string strategy;
    std::string reading;
    std::map<std::string, Spread> figures;
};
// Of strategies that have a figure.
std::vector<CurveSummary> curve_summaries(const std::vector<SimulationRow>& rows);

}  // namespace annotator
