#pragma once

#include <memory>
#include <vector>

#include "inference/model_family.h"

namespace inference {

// One model of several: the mean of their calibrated probabilities, and of their hardness; embeddings side by side,
// each part scaled so that the whole has length one. Labels are matched by name: those of the first come first, then
// what the others add; a model says 0 about a label that it does not know. It cannot be saved: its members are.
//
// Throws std::invalid_argument where there are none, or they read different skeleton layouts, by name.
std::unique_ptr<Model> ensemble(std::vector<std::unique_ptr<Model>> members);

}  // namespace inference
