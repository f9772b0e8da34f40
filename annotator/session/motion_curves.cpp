#include "annotator/session/motion_curves.h"

#include <algorithm>
#include <cmath>

namespace annotator {

namespace {

using schemas::FrameIndex;
using schemas::FrameSpan;
using schemas::FrameTable;
using schemas::SkeletonSequence;

constexpr double smoothed_seconds = 0.1, kernel_seconds = 0.15;

double seconds_at(const FrameTable& times, FrameIndex frame) { return times.seconds[static_cast<std::size_t>(frame)]; }

// The mean over all that lies within half of the width to either side.
std::vector<float> smoothed(const std::vector<float>& values, const FrameTable& times, FrameIndex first) {
    std::vector<float> result(values.size());
    double sum = 0;
    std::size_t begin = 0, end = 0;
    for (std::size_t i = 0; i < values.size(); ++i) {
        const auto seconds = [&](std::size_t at) { return seconds_at(times, first + static_cast<FrameIndex>(at)); };
        while (end < values.size() && seconds(end) <= seconds(i) + smoothed_seconds / 2) sum += values[end++];
        while (seconds(begin) < seconds(i) - smoothed_seconds / 2) sum -= values[begin++];
        result[i] = static_cast<float>(std::max(0.0, sum / static_cast<double>(end - begin)));
    }
    return result;
}

std::vector<float> to_share(std::vector<float> values) {
    if (values.empty()) return values;
    std::vector<float> sorted = values;
    const auto high = sorted.begin() + static_cast<std::ptrdiff_t>(0.99 * static_cast<double>(sorted.size() - 1));
    std::nth_element(sorted.begin(), high, sorted.end());
    const float full = *high > 0 ? *high : *std::ranges::max_element(sorted);
    for (float& value : values) value = full > 0 ? std::min(1.0F, value / full) : 0;
    return values;
}

// The mean distance that joints went since the frame before, a second; 0 where none was seen in both.
float speed(std::span<const std::shared_ptr<const SkeletonSequence>> skeletons, const FrameTable& times,
            FrameIndex frame) {
    const double step = seconds_at(times, frame) - seconds_at(times, frame - 1);
    double way = 0;
    int joints = 0;
    for (const auto& sequence : skeletons) {
        if (frame >= sequence->frames()) continue;
        for (std::size_t joint = 0; joint < sequence->joints(); ++joint) {
            if (sequence->confidence_at(frame, joint) <= 0 || sequence->confidence_at(frame - 1, joint) <= 0) continue;
            const Eigen::Vector3f moved = sequence->at(frame, joint) - sequence->at(frame - 1, joint);
            way += sequence->space == schemas::CoordinateSpace::pixels ? moved.head<2>().norm() : moved.norm();
            ++joints;
        }
    }
    const double result = joints == 0 || step <= 0 ? 0 : way / joints / step;
    return std::isfinite(result) ? static_cast<float>(result) : 0;
}

}  // namespace

std::vector<float> motion_energy(std::span<const std::shared_ptr<const SkeletonSequence>> skeletons,
                                 const FrameTable& times, FrameSpan clip) {
    std::vector<std::shared_ptr<const SkeletonSequence>> used;
    for (const auto space : {schemas::CoordinateSpace::metres, schemas::CoordinateSpace::pixels})
        if (used.empty())
            for (const auto& sequence : skeletons)
                if (sequence && sequence->space == space) used.push_back(sequence);
    if (used.empty()) return {};
    std::vector<float> speeds;
    for (FrameIndex frame = clip.begin; frame < clip.end; ++frame)
        speeds.push_back(frame == 0 ? 0 : speed(used, times, frame));
    return to_share(smoothed(speeds, times, clip.begin));
}

std::vector<float> motion_energy(const schemas::MediaMeasures& reference, const FrameTable& times, FrameSpan clip) {
    if (std::ssize(reference.frames) < clip.end) return {};
    std::vector<float> changes;
    for (FrameIndex frame = clip.begin; frame < clip.end; ++frame)
        changes.push_back(reference.frames[static_cast<std::size_t>(frame)].change);
    return to_share(smoothed(changes, times, clip.begin));
}

std::vector<float> boundary_probability(std::span<const schemas::Proposal> proposals, const FrameTable& times,
                                        FrameSpan clip) {
    if (proposals.empty()) return {};
    std::vector<float> curve(static_cast<std::size_t>(clip.length()));
    for (const schemas::Proposal& proposal : proposals) {
        const FrameIndex middle = proposal.begin_frame;
        if (!clip.contains(middle)) continue;
        const auto raise = [&](FrameIndex frame) {
            const double away = std::abs(seconds_at(times, frame) - seconds_at(times, middle)) / kernel_seconds;
            float& value = curve[static_cast<std::size_t>(frame - clip.begin)];
            value = std::max(value, static_cast<float>(proposal.boundary_score * (1 - away)));
            return away < 1;
        };
        for (FrameIndex frame = middle; frame < clip.end && raise(frame);) ++frame;
        for (FrameIndex frame = middle; frame >= clip.begin && raise(frame);) --frame;
    }
    return curve;
}

}  // namespace annotator
