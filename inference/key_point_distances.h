#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "schemas/skeleton.h"

namespace inference {

// The key-point distance matrix (paper 004 eq. 1): one row a frame, in it the distances between each two key-points i <
// j in units of the torso, ordered by i, then j.
struct KeyPointDistances {
    std::vector<int> joints;         // of the layout, that were taken
    std::vector<float> values;       // frames x pairs; 0 where not seen, always finite
    std::vector<std::uint8_t> seen;  // frames x pairs: 1 where both joints have a position

    [[nodiscard]] std::size_t pairs() const { return joints.size() * (joints.size() - 1) / 2; }
};

// All joints; of a layout of 18 the 14 that are no eyes and ears, which give 91 distances.
std::vector<int> joints_for_distances(const schemas::SkeletonLayout& layout);

// The torso is the sequence's median from neck to centre; of a sequence that never shows one nothing counts as seen.
// Depth is left out of key-points in pixels.
KeyPointDistances key_point_distances(const schemas::SkeletonSequence& sequence);

}  // namespace inference
