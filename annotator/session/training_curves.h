#pragma once

#include <span>
#include <string>
#include <vector>

#include "annotator/session/job_board.h"

namespace annotator {

// One curve of a training: what it is called on the screen, and its points as (step, value).
struct TrainingCurve {
    std::string name;
    bool share = false;  // a share of 1, not a loss
    std::vector<std::pair<double, double>> points;
};

// The curves of the newest run of the points, the measured one or the kept one: the total first, shares last. Pure.
std::vector<TrainingCurve> training_curves(std::span<const CurvePoint> points);

}  // namespace annotator
