#pragma once

#include <torch/torch.h>

#include <functional>
#include <optional>
#include <span>
#include <stop_token>
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
    double average_decay = 0.99;  // of the moving average that is saved
    double ohem_keep = 0.7;
    double ohem_from = 0.2;  // share of the steps
    LossOptions loss;
    Augmentation weak = weak_augmentation();
};

// What is learnt from: motions, and for each its label (-1: none) and weight.
struct TrainingSet {
    const MotionSet& motions;
    std::vector<int> labels;
    std::vector<float> weights;
};

struct TcnTraining {
    TcnNetwork network;  // the moving average
    std::vector<TrainProgress> curve;
    std::vector<float> late_losses;  // of each sample, mean over the last fifth of the steps; 0 where unlabelled
};

// One run. nullopt when stopped. The same seed and number of threads give the same weights on the processor.
//
// Thread: any; uses `threads` of its own.
std::optional<TcnTraining> train_tcn(const TrainingSet& set, const TcnShape& shape, const TcnOptions& options,
                                     std::uint64_t seed, torch::Device device,
                                     const std::function<void(const TrainProgress&)>& progress, std::stop_token stop);

// [begin, end) of the part of `count` samples that a thread works on.
std::pair<std::int64_t, std::int64_t> shard(std::int64_t count, int part, int parts);

}  // namespace inference
