#pragma once

#include <torch/torch.h>

#include <functional>
#include <optional>
#include <stop_token>
#include <utility>
#include <vector>

#include "inference/augmentation.h"
#include "inference/losses.h"
#include "inference/model_family.h"
#include "inference/torch/tcn_network.h"

namespace inference {

struct TcnOptions {
    int steps = 1800;
    int batch = 16;
    int threads = 1;
    double rate = 2e-3;
    double decay = 5e-4;
    double warm_up = 0.05;  // share of the steps
    double longest_gradient = 5;
    double layer_dropout = 0.1;
    double embedding_dropout = 0.3;
    double average_decay = 0.99;  // of the moving average that is kept
    double ohem_keep = 0.7;
    double ohem_from = 0.2;  // share of the steps
    LossOptions loss;
    Augmentation weak = weak_augmentation();
};

// in_turn: every example once before any comes again. by_weight: with replacement, as
// often as its weight says; the loss then weighs all alike.
enum class Drawing { in_turn, by_weight };

// What is learnt from, one row an example.
struct TrainingSet {
    std::vector<std::size_t> samples;  // of the motions
    std::vector<float> targets;        // examples x classes, rows sum to 1
    std::vector<float> weights;
    Drawing drawing = Drawing::in_turn;
};

struct TcnTraining {
    TcnNetwork network;              // the moving average
    std::vector<float> late_losses;  // of each example, mean over the last fifth of the steps
};

// `average` is the network that would be kept if this were the last step.
using StepReport = std::function<void(int step, const BatchLoss& loss, const TcnNetwork& average)>;

// One run. nullopt when stopped. The same seed and number of threads give the same weights
// on the processor.
//
// Thread: any; uses `threads` of its own.
std::optional<TcnTraining> train_tcn(const MotionSet& motions, const TrainingSet& set, const TcnShape& shape,
                                     const TcnOptions& options, std::uint64_t seed, torch::Device device,
                                     const StepReport& report, std::stop_token stop);

}  // namespace inference
