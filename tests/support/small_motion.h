#pragma once

#include <cmath>
#include <memory>

#include "schemas/skeleton.h"

namespace tests {

// A chest (0) with two arms: left_elbow (1) and left_hand (2), right_elbow (3) and right_hand (4).
inline std::shared_ptr<const schemas::SkeletonLayout> arms_layout() {
    static const auto layout = std::make_shared<const schemas::SkeletonLayout>(
        schemas::SkeletonLayout{"arms",
                                {"chest", "left_elbow", "left_hand", "right_elbow", "right_hand"},
                                {-1, 0, 1, 0, 3},
                                {{1, 3}, {2, 4}},
                                0,
                                0,
                                1,
                                3});
    return layout;
}

// The arms stretched out, each bone one metre (or 100 pixels) long, the whole moving up by 0.1 a frame (or down by
// 10); every joint is sure.
inline schemas::SkeletonSequence arms_in_motion(schemas::FrameIndex frames,
                                                schemas::CoordinateSpace space = schemas::CoordinateSpace::metres) {
    auto motion = schemas::SkeletonSequence::empty(arms_layout(), frames, space);
    const float unit = space == schemas::CoordinateSpace::metres ? 1 : 100;
    for (schemas::FrameIndex frame = 0; frame < frames; ++frame)
        for (std::size_t joint = 0; joint < 5; ++joint) {
            const float side = joint == 0 ? 0.0F : joint < 3 ? -1.0F : 1.0F;
            const float out = joint == 0 ? 0.0F : joint % 2 == 1 ? 1.0F : 2.0F;
            motion.set(frame, joint, unit * Eigen::Vector3f(5 + side * out, 1 + 0.1F * static_cast<float>(frame), 0));
            motion.confidence[static_cast<std::size_t>(frame) * 5 + joint] = 1;
        }
    return motion;
}

inline void hide(schemas::SkeletonSequence& motion, schemas::FrameIndex frame, int joint) {
    motion.set(frame, static_cast<std::size_t>(joint), Eigen::Vector3f::Zero());
    motion.confidence[static_cast<std::size_t>(frame) * motion.joints() + static_cast<std::size_t>(joint)] = 0;
}

}  // namespace tests
