#pragma once

#include <memory>

#include "inference/torch/learner.h"
#include "inference/torch/tcn_network.h"

namespace inference {

// A batch is split between processes and threads by samples; all weights lie in one tensor (FlatDescent).
std::unique_ptr<Learner> tcn_learner(const TcnShape& shape, const Place& place);

}  // namespace inference
