#pragma once

#include <optional>
#include <span>
#include <stop_token>
#include <vector>

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

// Dynamic time warping of two motions of as many frames, `width` values each: the least
// sum of Euclidean distances along a path of steps (1,0) (0,1) (1,1), over twice the frames.
float dtw_distance(std::span<const float> a, std::span<const float> b, int frames, int width, int band);

// Between the prepared motions of all samples. nullopt when stopped.
std::optional<DistanceMatrix> dtw_distances(std::span<const Sample> samples, const DtwOptions& options = {},
                                            std::stop_token stop = {});

}  // namespace inference
