#include "schemas/bones.h"

#include <algorithm>

namespace schemas {

namespace {

float median_of(std::vector<float>& values) {
    if (values.empty()) return 0;
    const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
    std::nth_element(values.begin(), middle, values.end());
    if (values.size() % 2 == 1) return *middle;
    return (*middle + *std::max_element(values.begin(), middle)) / 2;
}

}  // namespace

std::vector<float> bone_lengths(const SkeletonSequence& sequence) {
    std::vector<float> lengths(sequence.joints(), 0.0F);
    std::vector<float> seen;
    for (std::size_t joint = 0; joint < lengths.size(); ++joint) {
        if (sequence.layout->parents[joint] < 0) continue;
        const auto parent = static_cast<std::size_t>(sequence.layout->parents[joint]);
        seen.clear();
        for (FrameIndex frame = 0; frame < sequence.frames(); ++frame)
            if (has_position(sequence, frame, joint) && has_position(sequence, frame, parent))
                seen.push_back((sequence.at(frame, joint) - sequence.at(frame, parent)).norm());
        lengths[joint] = median_of(seen);
    }
    return lengths;
}

std::vector<int> joints_from_root(const SkeletonLayout& layout) {
    const auto root = std::ranges::find(layout.parents, -1);
    return joints_below(layout, static_cast<int>(root - layout.parents.begin()));
}

std::vector<int> joints_below(const SkeletonLayout& layout, int joint) {
    std::vector<int> below{joint};
    for (std::size_t next = 0; next < below.size(); ++next)
        for (std::size_t child = 0; child < layout.size(); ++child)
            if (layout.parents[child] == below[next]) below.push_back(static_cast<int>(child));
    return below;
}

void set_bone_lengths(SkeletonSequence& sequence, FrameIndex frame, const std::vector<float>& lengths) {
    const SkeletonSequence before = sequence.slice({frame, frame + 1});
    for (const int each : joints_from_root(*sequence.layout)) {
        const auto joint = static_cast<std::size_t>(each);
        if (sequence.layout->parents[joint] < 0) continue;
        const auto parent = static_cast<std::size_t>(sequence.layout->parents[joint]);
        if (!has_position(before, 0, joint) || !has_position(before, 0, parent)) continue;
        const Eigen::Vector3f bone = before.at(0, joint) - before.at(0, parent);
        const float stretch = lengths[joint] > 0 && !bone.isZero() ? lengths[joint] / bone.norm() : 1.0F;
        sequence.set(frame, joint, sequence.at(frame, parent) + stretch * bone);
    }
}

}  // namespace schemas
