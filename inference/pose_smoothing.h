#pragma once

#include "schemas/skeleton.h"

namespace inference {

// Whether bones get their median length after smoothing. Key-points in pixels never do: there bones look shorter the
// more they point at the camera.
enum class SmoothedBones { median_length, free };

struct SmoothingOptions {
    float backward = 1.0F / 3;  // alpha of eq. (6): how much the pace before a frame counts
    float forward = 1.0F / 3;   // beta: the pace after it
    float self_logit = 2;       // of eq. (5): a joint's own logit against 0 of each joint that it is connected to
    float temporal = 0.5F;      // w_m of eq. (9); w_a is the rest
    float most_trust = 1;       // what was recorded counts for no more than that, however sure it is
    schemas::FrameIndex longest_gap = 4;  // longer gaps are not bridged
    SmoothedBones bones = SmoothedBones::median_length;
};

// Spatial and temporal smoothing of key-points, eq. (5) to (9) of Zhang and Chen (paper 004) as read in models.md
// (A15, A16). For joint j in frame t, with c its confidence but no more than most_trust:
//
//     a = sum of w_i q(t, i) over j and its connected joints, w = softmax of their logits          (5)
//     m = (q(t+1) + q(t-1) + alpha (q(t-1) - q(t-2)) + beta (q(t+1) - q(t+2))) / 2             (6-8)
//     q' = c q + (1 - c) (w_a a + w_m m)                                                         (9)
//
// Where q(t-2) or q(t+2) is missing, m is the mean of q(t-1) and q(t+1); where one of these is, m is q(t). Joints that
// were not seen over up to longest_gap frames are put on a line first and have c = 0; over more frames they stay as
// they are and are missing to the others. Nothing outside of `within` is looked at: it is a cut. Only frames of `span`
// change. The confidence stays.
//
// Throws std::invalid_argument when the spans are not of the motion or span is not in within.
schemas::SkeletonSequence smoothed(const schemas::SkeletonSequence& motion, schemas::FrameSpan span,
                                   schemas::FrameSpan within, const SmoothingOptions& options);

}  // namespace inference
