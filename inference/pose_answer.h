#pragma once

#include <cstdint>
#include <vector>

#include "inference/scripted_network.h"
#include "schemas/estimator_card.h"

namespace inference {

// Where a network sees a point on its input, from the middle of the first pixel, and how sure it is, from 0 to 1;
// a score of 0: nowhere.
struct InputPoint {
    float x = 0, y = 0;
    float score = 0;
};

// What the answer about so many pictures says, pictures x points, as many as the card has channels. The peak of a heat
// map is its highest cell, moved by less than half a cell to the top of the parabola through the cell and its
// neighbours on either side; through their logarithms where all three are above 0, which is exact for a bell curve. Of
// cells equally high the first counts. What is no finite number is nowhere. Throws std::runtime_error for an answer of
// another shape than the card says, naming both.
std::vector<InputPoint> points_from(const NetworkAnswer& answer, const schemas::EstimatorCard& card,
                                    std::int64_t pictures);

}  // namespace inference
