#pragma once

#include <torch/torch.h>

#include <functional>
#include <vector>

#include "inference/augmentation.h"
#include "inference/curriculum.h"

namespace inference {

// Learning before any label: joints of a motion are left out, and the network's embedding of the rest must tell where
// they were at eight moments, evenly spread. What is learnt of labels afterwards begins with these weights.
struct Pretraining {
    int steps = 0;        // 0: there is none
    double masked = 0.4;  // how often a joint is left out, in all its frames; one at least
};

// A network as pre-training sees it.
struct Embedder {
    int frames = 0;
    std::int64_t features = 0;
    std::vector<torch::Tensor> parameters;
    // samples x features, from views samples x frames x values, as motion_features writes them.
    std::function<torch::Tensor(const torch::Tensor& views)> embedding;
    torch::Device device = torch::kCPU;
};

// Of the mean squared distance of joints that were left out, a coordinate.
using PretrainingReport = std::function<void(int step, double error)>;

// Changes the parameters. Views are weakly distorted; a batch has twice options.batch of them; AdamW with options'
// rate, warm-up and decay. False when stopped. Throws std::runtime_error at the step where the error is no number any
// more.
bool pretrain(const MotionSet& motions, const Embedder& embedder, const LearningOptions& options,
              const Pretraining& pretraining, Random& random, const PretrainingReport& report,
              const std::function<bool()>& is_stopped);

}  // namespace inference
