#pragma once

#include <memory>
#include <span>
#include <vector>

#include "inference/sample.h"

namespace inference {

// camera: motions face as they were recorded, which tells something where everybody
// stands before one camera. shoulders: turned about y so that the median shoulder line,
// left to right, points to +x. Key points in pixels always keep the camera's.
enum class Heading { camera, shoulders };

// camera when the samples' performers all face much the same way, else shoulders. Looks at
// no more than 512 samples, evenly spread.
Heading suggested_heading(std::span<const Sample> samples);

// The motion of a sample, normalised over the sample's span (models.md 2.1): joints that
// were not seen take the value of the nearest frame that saw them, frames in which
// nothing was seen are left out, the origin is the median pelvis, and the median torso is
// 0.5 long.
struct PreparedMotion {
    std::shared_ptr<const schemas::SkeletonLayout> layout;
    std::vector<float> positions;             // frames x joints x 3
    std::vector<schemas::FrameIndex> frames;  // the frame of the sequence that each row came from, ascending
    bool dead = false;                        // nothing was seen: one row of zeros

    [[nodiscard]] std::size_t rows() const { return frames.size(); }
};

// Throws std::invalid_argument when the sample has no skeleton or its span is not of it.
PreparedMotion prepared(const Sample& sample, Heading heading);

// In the order of the samples, on `threads` threads (0: one a core).
std::vector<PreparedMotion> prepared(std::span<const Sample> samples, Heading heading, int threads = 0);

// frames x joints x 3, by linear interpolation at evenly spaced rows, first and last
// included. A single row is repeated.
std::vector<float> resampled(const PreparedMotion& motion, int frames);

inline constexpr int feature_channels = 9;
inline constexpr float velocity_gain = 5.0F;

// frames x (joint, bone, velocity x 5) x joints x 3 from frames x joints x 3. A bone is a
// joint less its parent, the root's is zero; the first frame's velocity is zero.
std::vector<float> motion_features(std::span<const float> positions, const schemas::SkeletonLayout& layout);

}  // namespace inference
