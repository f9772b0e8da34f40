#include "annotator/workflows/synth/recording.h"

#include <algorithm>
#include <stdexcept>

namespace annotator::synth {
namespace {

using schemas::FrameIndex;
using schemas::SkeletonSequence;

constexpr double distance_of_height = 1.6;
constexpr double camera_of_height = 0.58;
constexpr double nearest_metres = 2.6;
constexpr double farthest_metres = 3.1;
constexpr std::size_t most_dropouts = 3;
constexpr std::size_t longest_dropout_frames = 4;

std::array<std::size_t, joint_count> joint_indices(const schemas::SkeletonLayout& layout) {
    std::array<std::size_t, joint_count> indices{};
    for (std::size_t joint = 0; joint < joint_count; ++joint) {
        const auto found = layout.joint_named(joint_names[joint]);
        if (!found)
            throw std::invalid_argument("the skeleton layout " + layout.name + " has no joint called " +
                                        std::string(joint_names[joint]));
        indices[joint] = static_cast<std::size_t>(*found);
    }
    return indices;
}

}  // namespace

Viewpoint viewpoint_of(const Body& body) {
    return {std::clamp(distance_of_height * body.height, nearest_metres, farthest_metres),
            camera_of_height * body.height};
}

SkeletonSequence seen_from(const Viewpoint& viewpoint, const std::vector<Figure>& figures,
                           std::shared_ptr<const schemas::SkeletonLayout> layout) {
    const auto indices = joint_indices(*layout);
    SkeletonSequence sequence = SkeletonSequence::empty(std::move(layout), static_cast<FrameIndex>(figures.size()));
    for (std::size_t frame = 0; frame < figures.size(); ++frame) {
        for (std::size_t joint = 0; joint < joint_count; ++joint) {
            const Eigen::Vector3d& stage = figures[frame].joints[joint];
            const Eigen::Vector3d world(-stage.x(), stage.y() - viewpoint.height_metres,
                                        viewpoint.distance_metres - stage.z());
            sequence.set(static_cast<FrameIndex>(frame), indices[joint], world.cast<float>());
        }
    }
    std::ranges::fill(sequence.confidence, 1.0F);
    return sequence;
}

void add_noise(SkeletonSequence& sequence, double deviation_metres, Random& random) {
    for (float& value : sequence.positions) value += static_cast<float>(deviation_metres * random.gaussian());
}

void add_dropouts(SkeletonSequence& sequence, Random& random) {
    const auto frames = static_cast<std::size_t>(sequence.frames());
    if (frames < longest_dropout_frames + 2) return;
    const std::size_t runs = 1 + random.below(most_dropouts);
    for (std::size_t run = 0; run < runs; ++run) {
        const std::size_t length = 1 + random.below(longest_dropout_frames);
        const std::size_t begin = 1 + random.below(frames - length - 1);
        const std::size_t joints = sequence.joints();
        std::fill_n(sequence.positions.begin() + static_cast<std::ptrdiff_t>(begin * joints * 3), length * joints * 3,
                    0.0F);
        std::fill_n(sequence.confidence.begin() + static_cast<std::ptrdiff_t>(begin * joints), length * joints, 0.0F);
    }
}

}  // namespace annotator::synth
