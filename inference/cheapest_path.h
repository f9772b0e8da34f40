#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace inference {

// One step of a path through time: which rows it may be at, and what each costs.
struct PathColumn {
    std::size_t offset = 0;           // row 0 of the column is this row of the whole
    std::span<const double> seconds;  // of each row, never decreasing
    std::vector<float> costs;         // of each row
    double advance_seconds = 0;       // that pass from the column before to this one
};

// What a step costs: how far the time between its rows is from the time that passes, up to a most.
struct StepCosts {
    double per_second = 1;
    double most = 1;
};

// The path with one row in each column that never goes back and costs least (Viterbi 1967), in rows of the whole.
// The columns' rows never go back either: both ends of their ranges never decrease by more than what
// a path can make up. Time and memory as many as there are cells.
std::vector<std::size_t> cheapest_path(std::span<const PathColumn> columns, const StepCosts& steps);

// For each column, how probable the path's row is, if a path that costs one more is e times less
// probable: from the cheapest path through each row (max-marginals).
std::vector<float> path_confidence(std::span<const PathColumn> columns, const StepCosts& steps,
                                   std::span<const std::size_t> path);

}  // namespace inference
