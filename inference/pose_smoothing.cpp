#include "inference/pose_smoothing.h"

#include <algorithm>
#include <cmath>
#include <optional>
#include <stdexcept>
#include <vector>

#include "schemas/bones.h"

namespace inference {

namespace {

using Eigen::Vector3f;
using schemas::FrameIndex;
using schemas::FrameSpan;
using schemas::SkeletonSequence;

std::vector<std::vector<std::size_t>> connections_of(const schemas::SkeletonLayout& layout) {
    std::vector<std::vector<std::size_t>> connected(layout.size());
    for (std::size_t joint = 0; joint < layout.size(); ++joint) {
        if (layout.parents[joint] < 0) continue;
        const auto parent = static_cast<std::size_t>(layout.parents[joint]);
        connected[joint].push_back(parent);
        connected[parent].push_back(joint);
    }
    return connected;
}

class Smoother {
public:
    Smoother(const SkeletonSequence& motion, FrameSpan within, const SmoothingOptions& options)
        : source_(motion),
          bridged_(motion),
          within_(within),
          options_(options),
          connected_(connections_of(*motion.layout)),
          has_(motion.confidence.size(), 0),
          seen_(motion.confidence.size(), 0) {
        for (std::size_t joint = 0; joint < motion.joints(); ++joint) bridge(joint);
    }

    SkeletonSequence run(FrameSpan span) const {
        SkeletonSequence result = source_;
        for (FrameIndex frame = span.begin; frame < span.end; ++frame)
            for (std::size_t joint = 0; joint < source_.joints(); ++joint)
                if (has(frame, joint)) result.set(frame, joint, fused(frame, joint));
        if (options_.bones == SmoothedBones::free || source_.space == schemas::CoordinateSpace::pixels) return result;
        const std::vector<float> lengths = schemas::bone_lengths(source_);
        for (FrameIndex frame = span.begin; frame < span.end; ++frame)
            schemas::set_bone_lengths(result, frame, lengths);
        return result;
    }

private:
    [[nodiscard]] std::size_t index(FrameIndex frame, std::size_t joint) const {
        return static_cast<std::size_t>(frame) * source_.joints() + joint;
    }
    [[nodiscard]] bool has(FrameIndex frame, std::size_t joint) const {
        return within_.contains(frame) && has_[index(frame, joint)] != 0;
    }

    // Puts short runs of unseen frames on the line between their ends.
    void bridge(std::size_t joint) {
        std::optional<FrameIndex> last;
        for (FrameIndex frame = within_.begin; frame < within_.end; ++frame) {
            if (!schemas::has_position(source_, frame, joint)) continue;
            has_[index(frame, joint)] = seen_[index(frame, joint)] = 1;
            if (last && frame - *last - 1 <= options_.longest_gap)
                for (FrameIndex between = *last + 1; between < frame; ++between) {
                    const float share = static_cast<float>(between - *last) / static_cast<float>(frame - *last);
                    bridged_.set(between, joint,
                                 (1 - share) * source_.at(*last, joint) + share * source_.at(frame, joint));
                    has_[index(between, joint)] = 1;
                }
            last = frame;
        }
    }

    [[nodiscard]] Vector3f spatial(FrameIndex frame, std::size_t joint) const {
        float total = std::exp(options_.self_logit);
        Vector3f sum = total * bridged_.at(frame, joint);
        for (const std::size_t other : connected_[joint]) {
            if (!has(frame, other)) continue;
            sum += bridged_.at(frame, other);
            total += 1;
        }
        return sum / total;
    }

    [[nodiscard]] Vector3f temporal(FrameIndex frame, std::size_t joint) const {
        if (!has(frame - 1, joint) || !has(frame + 1, joint)) return bridged_.at(frame, joint);
        const Vector3f before = bridged_.at(frame - 1, joint), after = bridged_.at(frame + 1, joint);
        if (!has(frame - 2, joint) || !has(frame + 2, joint)) return (before + after) / 2;
        const Vector3f backward = before - bridged_.at(frame - 2, joint);
        const Vector3f forward = after - bridged_.at(frame + 2, joint);
        return (after + before + options_.backward * backward + options_.forward * forward) / 2;
    }

    [[nodiscard]] Vector3f fused(FrameIndex frame, std::size_t joint) const {
        const bool seen = seen_[index(frame, joint)] != 0;
        const float trust = seen ? std::clamp(source_.confidence_at(frame, joint), 0.0F, options_.most_trust) : 0.0F;
        const Vector3f estimate =
            (1 - options_.temporal) * spatial(frame, joint) + options_.temporal * temporal(frame, joint);
        return trust * bridged_.at(frame, joint) + (1 - trust) * estimate;
    }

    const SkeletonSequence& source_;
    SkeletonSequence bridged_;
    FrameSpan within_;
    const SmoothingOptions& options_;
    std::vector<std::vector<std::size_t>> connected_;
    std::vector<std::uint8_t> has_;   // a position, recorded or bridged
    std::vector<std::uint8_t> seen_;  // a recorded one
};

}  // namespace

SkeletonSequence smoothed(const SkeletonSequence& motion, FrameSpan span, FrameSpan within,
                          const SmoothingOptions& options) {
    if (!schemas::is_valid(span) || !schemas::is_valid(within) || span.begin < within.begin || span.end > within.end ||
        within.end > motion.frames())
        throw std::invalid_argument("the frames to smooth do not lie in the motion");
    return Smoother(motion, within, options).run(span);
}

}  // namespace inference
