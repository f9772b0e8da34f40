#pragma once

#include <limits>
#include <optional>
#include <span>
#include <stop_token>
#include <vector>

#include "inference/preparation.h"
#include "inference/sample.h"

namespace inference {

// Symmetric, zero on the diagonal.
struct DistanceMatrix {
    std::size_t size = 0;
    std::vector<float> values;  // size x size

    [[nodiscard]] float at(std::size_t a, std::size_t b) const { return values[a * size + b]; }
    [[nodiscard]] std::span<const float> row(std::size_t a) const { return {values.data() + a * size, size}; }
};

struct DtwOptions {
    int frames = 32;  // that every motion is resampled to
    int band = 6;     // |i - j| <= band (Sakoe and Chiba 1978)
    int threads = 0;  // 0: one a core
};

// frames x (joint, velocity x 5) x joints x 3 of a motion, what warping compares.
std::vector<float> warping_features(const PreparedMotion& motion, int frames);

// Dynamic time warping of two motions of as many frames, `width` values each: the least
// sum of Euclidean distances along a path of steps (1,0) (0,1) (1,1), over twice the frames.
// Infinity as soon as it is sure to be `limit` or more.
float dtw_distance(std::span<const float> a, std::span<const float> b, int frames, int width, int band,
                   float limit = std::numeric_limits<float>::infinity());

// Between the motions of all samples, turned as suggested_heading says. nullopt when stopped.
std::optional<DistanceMatrix> dtw_distances(std::span<const Sample> samples, const DtwOptions& options = {},
                                            std::stop_token stop = {});

}  // namespace inference
