#include "inference/key_point_distances.h"

#include <cmath>
#include <string>

#include "inference/median.h"

namespace inference {

namespace {

using schemas::FrameIndex;
using schemas::SkeletonSequence;

bool is_eye_or_ear(const std::string& joint) { return joint.ends_with("eye") || joint.ends_with("ear"); }

// NaN where either joint has no position.
float distance(const SkeletonSequence& sequence, FrameIndex frame, int from, int to) {
    const auto first = static_cast<std::size_t>(from), second = static_cast<std::size_t>(to);
    if (!schemas::has_position(sequence, frame, first) || !schemas::has_position(sequence, frame, second))
        return std::nanf("");
    const Eigen::Vector3f line = sequence.at(frame, first) - sequence.at(frame, second);
    return sequence.space == schemas::CoordinateSpace::pixels ? line.head<2>().norm() : line.norm();
}

float median_torso(const SkeletonSequence& sequence) {
    std::vector<float> lengths;
    for (FrameIndex frame = 0; frame < sequence.frames(); ++frame) {
        const float length = distance(sequence, frame, sequence.layout->neck, sequence.layout->centre);
        if (std::isfinite(length)) lengths.push_back(length);
    }
    return median(lengths);
}

}  // namespace

std::vector<int> joints_for_distances(const schemas::SkeletonLayout& layout) {
    std::vector<int> joints;
    for (std::size_t joint = 0; joint < layout.size(); ++joint)
        if (layout.size() != 18 || !is_eye_or_ear(layout.joints[joint])) joints.push_back(static_cast<int>(joint));
    return joints;
}

KeyPointDistances key_point_distances(const SkeletonSequence& sequence) {
    KeyPointDistances result;
    if (sequence.joints() == 0) return result;
    result.joints = joints_for_distances(*sequence.layout);
    const std::vector<int>& joints = result.joints;
    const float torso = median_torso(sequence);
    for (FrameIndex frame = 0; frame < sequence.frames(); ++frame)
        for (std::size_t i = 0; i < joints.size(); ++i)
            for (std::size_t j = i + 1; j < joints.size(); ++j) {
                const float value = distance(sequence, frame, joints[i], joints[j]) / torso;
                result.seen.push_back(std::isfinite(value) ? 1 : 0);
                result.values.push_back(std::isfinite(value) ? value : 0.0F);
            }
    return result;
}

}  // namespace inference
