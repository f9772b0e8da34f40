#pragma once

#include <cstdint>

#include "schemas/skeleton.h"

namespace inference {

// How far predicted joints are from the true ones (models.md 2.8), over joints whose position both have. In metres, or
// in pixels where the sequences are in pixels, but for rmse_n.
struct PoseErrors {
    std::int64_t joints = 0;  // compared
    std::int64_t frames = 0;  // with at least one of them
    double rmse = 0;          // of coordinates: sqrt(sum |p - g|^2 / (3 joints))
    double mpjpe = 0;         // mean |p - g|
    double median = 0;        // of |p - g|
    // rmse with the centre of every frame in its place, over the median torso of the truth: from the neck to the
    // centre. 0 where the truth shows none.
    double rmse_n = 0;
    // mean |p - g| after the best scale of each frame, with its centre in its place (N-MPJPE), and after the best
    // rotation, scale and shift (P-MPJPE; frames with three joints or more).
    double n_mpjpe = 0;
    double p_mpjpe = 0;
};

// Throws std::invalid_argument when layout, space or number of frames differ.
PoseErrors pose_errors(const schemas::SkeletonSequence& predicted, const schemas::SkeletonSequence& truth);

}  // namespace inference
