#pragma once

#include <memory>

#include "inference/model_family.h"
#include "inference/torch/learner.h"

namespace inference {

// A family whose models classify motions by a network of that kind and the nearest labelled motions.
std::unique_ptr<ModelFamily> motion_family(std::unique_ptr<NetworkKind> kind);

}  // namespace inference
