#include "schemas/skeleton.h"

#include <algorithm>
#include <numeric>
#include <stdexcept>

namespace schemas {

std::optional<int> SkeletonLayout::joint_named(std::string_view joint) const {
    const auto found = std::ranges::find(joints, joint);
    if (found == joints.end()) return std::nullopt;
    return static_cast<int>(found - joints.begin());
}

std::vector<int> SkeletonLayout::mirrored() const {
    std::vector<int> other(size());
    std::iota(other.begin(), other.end(), 0);
    for (const auto& [left, right] : pairs) {
        other[static_cast<std::size_t>(left)] = right;
        other[static_cast<std::size_t>(right)] = left;
    }
    return other;
}

std::string problem_with(const SkeletonLayout& layout) {
    const int count = static_cast<int>(layout.size());
    const auto outside = [count](int joint) { return joint < 0 || joint >= count; };
    if (count == 0) return "it has no joints";
    if (layout.parents.size() != layout.size())
        return "it names " + std::to_string(count) + " joints but " + std::to_string(layout.parents.size()) +
               " parents";
    int roots = 0;
    for (int joint = 0; joint < count; ++joint) {
        int parent = layout.parents[static_cast<std::size_t>(joint)];
        if (parent == -1) ++roots;
        for (int steps = 0; parent != -1; ++steps) {
            if (outside(parent))
                return layout.joints[static_cast<std::size_t>(joint)] + " hangs from a joint that does not exist";
            if (steps > count) return layout.joints[static_cast<std::size_t>(joint)] + " hangs from itself";
            parent = layout.parents[static_cast<std::size_t>(parent)];
        }
    }
    if (roots != 1) return "it has " + std::to_string(roots) + " roots";
    for (const auto& [left, right] : layout.pairs)
        if (outside(left) || outside(right) || left == right)
            return "a left/right pair names a joint that does not exist";
    for (const int special : {layout.centre, layout.neck, layout.left_shoulder, layout.right_shoulder})
        if (outside(special)) return "centre, neck or a shoulder names a joint that does not exist";
    return {};
}

SkeletonSequence SkeletonSequence::empty(std::shared_ptr<const SkeletonLayout> layout, FrameIndex frames,
                                         CoordinateSpace space) {
    SkeletonSequence sequence;
    const std::size_t values = static_cast<std::size_t>(frames) * layout->size();
    sequence.layout = std::move(layout);
    sequence.space = space;
    sequence.positions.assign(values * 3, 0.0F);
    sequence.confidence.assign(values, 0.0F);
    return sequence;
}

SkeletonSequence SkeletonSequence::slice(FrameSpan span) const {
    if (!is_valid(span) || span.end > frames()) throw std::out_of_range("a slice reaches beyond its sequence");
    const auto stride = static_cast<std::ptrdiff_t>(joints());
    SkeletonSequence part;
    part.layout = layout;
    part.space = space;
    part.positions.assign(positions.begin() + span.begin * stride * 3, positions.begin() + span.end * stride * 3);
    part.confidence.assign(confidence.begin() + span.begin * stride, confidence.begin() + span.end * stride);
    return part;
}

SkeletonSequence SkeletonSequence::in_frames(std::span<const FrameIndex> wanted) const {
    SkeletonSequence result = empty(layout, static_cast<FrameIndex>(wanted.size()), space);
    const auto stride = static_cast<std::ptrdiff_t>(joints());
    for (std::size_t i = 0; i < wanted.size(); ++i) {
        if (wanted[i] < 0 || wanted[i] >= frames()) continue;
        const std::ptrdiff_t from = wanted[i] * stride, to = static_cast<std::ptrdiff_t>(i) * stride;
        std::copy_n(positions.begin() + 3 * from, 3 * stride, result.positions.begin() + 3 * to);
        std::copy_n(confidence.begin() + from, stride, result.confidence.begin() + to);
    }
    return result;
}

bool has_position(const SkeletonSequence& sequence, FrameIndex frame, std::size_t joint) {
    const Eigen::Vector3f position = sequence.at(frame, joint);
    if (!position.allFinite()) return false;
    if (sequence.confidence_at(frame, joint) > 0.0F) return true;
    return sequence.space == CoordinateSpace::metres && !position.isZero(0.0F);
}

bool is_dead_frame(const SkeletonSequence& sequence, FrameIndex frame) {
    bool unseen = true;
    bool at_origin = true;
    for (std::size_t joint = 0; joint < sequence.joints(); ++joint) {
        unseen = unseen && sequence.confidence_at(frame, joint) <= 0.0F;
        at_origin = at_origin && sequence.at(frame, joint).isZero(0.0F);
    }
    return unseen || at_origin;
}

std::vector<FrameSpan> dead_runs(const SkeletonSequence& sequence) {
    std::vector<FrameSpan> runs;
    for (FrameIndex frame = 0; frame < sequence.frames(); ++frame) {
        if (!is_dead_frame(sequence, frame)) continue;
        if (!runs.empty() && runs.back().end == frame)
            ++runs.back().end;
        else
            runs.push_back({frame, frame + 1});
    }
    return runs;
}

SkeletonSequence mapped(const SkeletonSequence& sequence, const JointMap& map) {
    const auto sources = static_cast<Eigen::Index>(sequence.joints());
    const auto targets = static_cast<Eigen::Index>(map.target->size());
    if (map.weights.rows() != targets || map.weights.cols() != sources)
        throw std::invalid_argument("a joint map does not fit the skeleton it is applied to");
    using Points = Eigen::Matrix<float, Eigen::Dynamic, 3, Eigen::RowMajor>;
    SkeletonSequence result = SkeletonSequence::empty(map.target, sequence.frames(), sequence.space);
    for (FrameIndex frame = 0; frame < sequence.frames(); ++frame) {
        const Eigen::Map<const Points> from(&sequence.positions[static_cast<std::size_t>(frame * sources * 3)], sources,
                                            3);
        Eigen::Map<Points> to(&result.positions[static_cast<std::size_t>(frame * targets * 3)], targets, 3);
        to = map.weights * from;
        for (Eigen::Index target = 0; target < targets; ++target) {
            float confidence = 1.0F;
            bool used = false;
            for (Eigen::Index source = 0; source < sources; ++source) {
                if (map.weights(target, source) == 0.0F) continue;
                used = true;
                confidence = std::min(confidence, sequence.confidence_at(frame, static_cast<std::size_t>(source)));
            }
            result.confidence[static_cast<std::size_t>(frame * targets + target)] = used ? confidence : 0.0F;
        }
    }
    return result;
}

}  // namespace schemas
