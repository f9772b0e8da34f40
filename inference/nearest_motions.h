#pragma once

#include <optional>
#include <span>
#include <stop_token>
#include <vector>

#include "inference/dtw.h"

namespace inference {

// Labelled motions, and how near others are to the nearest one of each class under time
// warping: with few labels it knows what a network has not learnt yet.
struct NearestMotions {
    static constexpr int frames = 32;
    static constexpr int band = 6;
    static constexpr std::size_t most = 1024;  // motions that are kept, evenly over the classes

    int classes = 0;
    int width = 0;                // values a frame
    float scale = 1;              // median distance of a labelled motion to the nearest other one
    std::vector<int> labels;      // one a motion
    std::vector<float> features;  // motions x frames x width, as warping_features

    [[nodiscard]] std::size_t size() const { return labels.size(); }
    [[nodiscard]] std::span<const float> of(std::size_t motion) const;
    // Least distance to a motion of each class, infinity for classes without one.
    [[nodiscard]] std::vector<float> distances(std::span<const float> motion) const;
    // log softmax(-distance / (temperature x scale)) of one motion; a class without a motion
    // gets -30, or the least of the others, before the softmax. Zeros when there are no motions at all.
    [[nodiscard]] std::vector<float> log_probabilities(std::span<const float> motion, double temperature = 0.25) const;
};

// Of the motions with a label of 0 or more that are not dead. nullopt when stopped.
std::optional<NearestMotions> nearest_motions(std::span<const PreparedMotion* const> motions,
                                              std::span<const int> labels, int classes, int threads,
                                              std::stop_token stop = {});

}  // namespace inference
