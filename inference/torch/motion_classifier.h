#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <stop_token>
#include <vector>

#include "inference/augmentation.h"
#include "inference/nearest_motions.h"
#include "inference/torch/learner.h"

namespace inference {

// What the network says, one row a sample.
struct NetworkOutput {
    std::vector<float> logits;     // samples x classes
    std::vector<float> embedding;  // samples x features, L2-normalised
};

// Writes the features of one view of a sample.
using View = std::function<void(std::size_t sample, std::span<float> features)>;

// A trained network and the labelled motions that help it.
struct MotionClassifier {
    std::shared_ptr<const TrainedNetwork> network;
    int classes = 0;
    NearestMotions known;
    int threads = 1;

    // nullopt when stopped.
    [[nodiscard]] std::optional<NetworkOutput> viewed(const MotionSet& motions, const View& view,
                                                      const std::stop_token& stop) const;
    [[nodiscard]] std::optional<NetworkOutput> whole(const MotionSet& motions, const std::stop_token& stop) const;
    // The sum of what the network and the nearest motions say, as log-probabilities, samples x classes.
    [[nodiscard]] std::optional<std::vector<float>> fused(const MotionSet& motions, std::span<const float> logits,
                                                          const std::stop_token& stop) const;
    // Mean over four strong views of CE(view, best class) + H(prediction), models.md 3.2.
    [[nodiscard]] std::optional<std::vector<float>> hardness(const MotionSet& motions, std::span<const float> logits,
                                                             const std::stop_token& stop) const;
};

}  // namespace inference
