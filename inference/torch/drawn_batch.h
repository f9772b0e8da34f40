#pragma once

#include <torch/torch.h>

#include <vector>

#include "inference/curriculum.h"

namespace inference {

// A view of each example of a batch, distorted weakly: examples x frames x values, as motion_features writes them.
torch::Tensor drawn_batch(const MotionSet& motions, const TrainingSet& set, const std::vector<std::size_t>& batch,
                          int frames, const Augmentation& weak, Random& random);

}  // namespace inference
