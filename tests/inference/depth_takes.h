#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "inference/pose_set.h"
#include "tests/inference/motions.h"

// Depth recordings of made-up figures.
namespace inference_tests {

// Every joint as a flat square of 16 cm, `facing` metres nearer than the joint, in millimetres; nearer ones hide
// others.
inline std::vector<std::uint16_t> painted_depth(const schemas::SkeletonSequence& motion, float facing = 0.05F) {
    const schemas::PinholeCamera& camera = schemas::msr_camera;
    const int pixels = camera.width * camera.height;
    std::vector<std::uint16_t> values(static_cast<std::size_t>(motion.frames() * pixels));
    for (schemas::FrameIndex frame = 0; frame < motion.frames(); ++frame)
        for (std::size_t joint = 0; joint < motion.joints(); ++joint) {
            const Eigen::Vector3f point = motion.at(frame, joint);
            const Eigen::Vector2f middle = camera.pixel_from(point);
            const int radius = static_cast<int>(0.08 * camera.focal_u / static_cast<double>(point.z()));
            const auto value = static_cast<std::uint16_t>(1000 * (point.z() - facing));
            for (int y = static_cast<int>(middle.y()) - radius; y <= static_cast<int>(middle.y()) + radius; ++y)
                for (int x = static_cast<int>(middle.x()) - radius; x <= static_cast<int>(middle.x()) + radius; ++x) {
                    if (x < 0 || y < 0 || x >= camera.width || y >= camera.height) continue;
                    auto& at = values[static_cast<std::size_t>(frame * pixels + y * camera.width + x)];
                    if (at == 0 || value < at) at = value;
                }
        }
    return values;
}

inline inference::PoseTake painted_take(std::shared_ptr<const schemas::SkeletonSequence> motion) {
    const std::vector<std::uint16_t> values = painted_depth(*motion);
    const inference::DepthClip clip{values, schemas::msr_camera.width, schemas::msr_camera.height, 0.001};
    return inference::pose_take(clip, schemas::msr_camera, std::move(motion));
}

// One take of each of so many kinds of movement.
inline std::vector<inference::PoseTake> painted_takes(int kinds, schemas::FrameIndex frames, std::uint64_t seed = 1) {
    std::vector<inference::PoseTake> takes;
    for (int kind = 0; kind < kinds; ++kind)
        takes.push_back(painted_take(synthetic_motion(kind, seed + static_cast<std::uint64_t>(kind), frames).skeleton));
    return takes;
}

}  // namespace inference_tests
