#pragma once

#include <string>
#include <vector>

#include "annotator/workflows/simulation_summary.h"

namespace annotator {

// The learning curves of a simulation as SVG 1.1: a panel for each accuracy that some row has, a line for each strategy
// with its deviation over seeds as a band, told apart by colour, stroke and mark. Both axes are in %, and labelled
// shares are spaced by their square root, because what matters lies below 20 %.
std::string curves_svg(const std::vector<PointSummary>& points, const std::string& title);

}  // namespace annotator
