#pragma once

#include <torch/torch.h>

#include <vector>

#include "inference/curriculum.h"
#include "inference/torch/training_state.h"

namespace inference {

// LibTorch's AdamW, Adam, SGD with Nesterov's momentum of 0.9, and RMSprop, over weights that lie in one tensor: each
// step is one loop.
class FlatDescent {
public:
    // `decays` is 1 for each weight that decays (L2) and has a part in the L1 loss, else 0.
    FlatDescent(std::vector<float> decays, const LearningOptions& options);

    // `gradient` is that of the loss without L1, which is added; it is cut at options.longest_gradient. Returns its
    // length before that. Where that is no number the weights stay as they are.
    double step(torch::Tensor& weights, const torch::Tensor& gradient, double rate);

    void add_to(TrainingState& state) const;
    // Throws std::runtime_error when it is of another network.
    void go_on_from(const TrainingState& state, int steps);

private:
    const LearningOptions& options_;
    std::vector<float> decays_, first_, second_;
    int steps_ = 0;
};

}  // namespace inference
