#include "annotator/document/pose_tools.h"

#include <Eigen/Geometry>
#include <algorithm>
#include <cmath>

#include "annotator/document/corrections.h"
#include "schemas/bones.h"

namespace annotator {

namespace {

using Eigen::Vector3f;
using schemas::CoordinateSpace;
using schemas::FrameIndex;
using schemas::FrameSpan;
using schemas::JointPoint;
using schemas::PointState;
using schemas::SkeletonLayout;
using schemas::SkeletonSequence;

std::size_t at(int joint) { return static_cast<std::size_t>(joint); }

void check_frames(const SkeletonSequence& motion, FrameSpan span) {
    if (!schemas::is_valid(span) || span.end > motion.frames())
        throw EditConflict("frames " + interval_text(span) + " do not lie in the recording, which has " +
                           std::to_string(motion.frames()) + " frames");
}

void check_joint(const SkeletonSequence& motion, int joint) {
    if (joint < 0 || joint >= static_cast<int>(motion.joints()))
        throw EditConflict("there is no joint " + std::to_string(joint) + "; the skeleton has " +
                           std::to_string(motion.joints()));
}

std::vector<int> checked(const SkeletonSequence& motion, std::vector<int> joints) {
    for (const int joint : joints) check_joint(motion, joint);
    std::ranges::sort(joints);
    joints.erase(std::ranges::unique(joints).begin(), joints.end());
    return joints;
}

std::vector<int> these_or_all(const SkeletonSequence& motion, const std::vector<int>& joints) {
    if (!joints.empty()) return checked(motion, joints);
    std::vector<int> all;
    for (int joint = 0; joint < static_cast<int>(motion.joints()); ++joint) all.push_back(joint);
    return all;
}

JointPoint point(const Vector3f& position, float confidence) {
    return {position.x(), position.y(), position.z(), std::clamp(confidence, 0.0F, 1.0F)};
}

// Recordings may hold what is no number for a joint that was not seen.
JointPoint point_at(const SkeletonSequence& motion, FrameIndex frame, int joint) {
    const Vector3f position = motion.at(frame, at(joint));
    const float confidence = motion.confidence_at(frame, at(joint));
    return position.allFinite() && std::isfinite(confidence) ? point(position, confidence) : JointPoint{};
}

bool is_in_pixels(const SkeletonSequence& motion) { return motion.space == CoordinateSpace::pixels; }

// A run for each stretch of one state.
void add_runs(PosePatch& patch, int joint, FrameIndex begin, const std::vector<JointPoint>& points,
              const std::vector<PointState>& states) {
    for (std::size_t i = 0; i < points.size(); ++i) {
        if (i == 0 || states[i] != states[i - 1])
            patch.runs.push_back({joint, begin + static_cast<FrameIndex>(i), {}, states[i]});
        patch.runs.back().points.push_back(points[i]);
    }
}

// Moves limbs of one frame as stiff bodies.
class Limbs {
public:
    Limbs(const SkeletonSequence& motion, FrameIndex frame)
        : motion_(motion), pose_(motion.slice({frame, frame + 1})), lengths_(lengths_of(motion)) {}

    // Turns the joint and what hangs from it about the joint that it hangs from, towards the place.
    void turn(int joint, const Vector3f& to) {
        const int parent = motion_.layout->parents[at(joint)];
        const Vector3f from = pose_.at(0, at(joint));
        if (parent < 0 || !schemas::has_position(pose_, 0, at(parent)) || !schemas::has_position(pose_, 0, at(joint)))
            return carry(joint, from, to, Eigen::Matrix3f::Identity());
        const Vector3f origin = pose_.at(0, at(parent));
        const Vector3f old_bone = flat(from - origin), wanted = flat(to - origin);
        const float length = lengths_[at(joint)] > 0 ? lengths_[at(joint)] : old_bone.norm();
        if (wanted.isZero()) return;
        Vector3f place = origin + length * wanted.normalized();
        if (is_in_pixels(motion_)) place.z() = to.z();
        carry(joint, from, place, rotation(old_bone, wanted));
    }

    // The joints that moved, as they are now.
    void add_to(PosePatch& patch, FrameIndex frame, const std::vector<int>& placed) const {
        for (const int joint : moved_) {
            const bool by_hand = std::ranges::find(placed, joint) != placed.end();
            const float confidence = by_hand ? 1.0F : pose_.confidence_at(0, at(joint));
            patch.runs.push_back({joint, frame, {point(pose_.at(0, at(joint)), confidence)}, {}});
        }
    }

private:
    static std::vector<float> lengths_of(const SkeletonSequence& motion) {
        return is_in_pixels(motion) ? std::vector<float>(motion.joints(), 0.0F) : schemas::bone_lengths(motion);
    }
    // The third value of a key-point in pixels is no length of the same unit.
    [[nodiscard]] Vector3f flat(Vector3f bone) const {
        if (is_in_pixels(motion_)) bone.z() = 0;
        return bone;
    }
    [[nodiscard]] Eigen::Matrix3f rotation(const Vector3f& from, const Vector3f& to) const {
        if (from.isZero()) return Eigen::Matrix3f::Identity();
        if (!is_in_pixels(motion_)) return Eigen::Quaternionf::FromTwoVectors(from, to).toRotationMatrix();
        const float angle = std::atan2(to.y(), to.x()) - std::atan2(from.y(), from.x());
        return Eigen::AngleAxisf(angle, Vector3f::UnitZ()).toRotationMatrix();
    }
    void carry(int joint, const Vector3f& from, const Vector3f& to, const Eigen::Matrix3f& turned) {
        for (const int each : schemas::joints_below(*motion_.layout, joint)) {
            if (each != joint && !schemas::has_position(pose_, 0, at(each))) continue;
            pose_.set(0, at(each), to + turned * (pose_.at(0, at(each)) - from));
            moved_.push_back(each);
        }
    }

    const SkeletonSequence& motion_;
    SkeletonSequence pose_;
    std::vector<float> lengths_;
    std::vector<int> moved_;
};

bool hangs_from_any(const SkeletonLayout& layout, int joint, const std::vector<int>& joints) {
    for (int parent = layout.parents[at(joint)]; parent >= 0; parent = layout.parents[at(parent)])
        if (std::ranges::find(joints, parent) != joints.end()) return true;
    return false;
}

// A cubic between two ends, or a line.
struct Bridge {
    Vector3f from, to;
    Vector3f leaving, arriving;  // over the whole way
    float confidence = 0;

    [[nodiscard]] Vector3f at(float u) const {
        const float back = 1 - u;
        return (1 + 2 * u) * back * back * from + u * back * back * leaving + u * u * (3 - 2 * u) * to -
               u * u * back * arriving;
    }
};

// How the joint moves in a frame there, over up to three frames before it (or after it: `step` 1); nullopt where they
// were not seen.
std::optional<Vector3f> pace(const SkeletonSequence& motion, FrameIndex from, FrameIndex step, int joint) {
    FrameIndex count = 0;
    while (count < 3 && from + step * (count + 1) >= 0 && from + step * (count + 1) < motion.frames() &&
           schemas::has_position(motion, from + step * (count + 1), at(joint)))
        ++count;
    if (count == 0) return std::nullopt;
    const Vector3f way = motion.at(from + step * count, at(joint)) - motion.at(from, at(joint));
    return way * static_cast<float>(step) / static_cast<float>(count);
}

Bridge bridge_over(const SkeletonSequence& motion, FrameSpan gap, int joint) {
    const FrameIndex before = gap.begin - 1, after = gap.end;
    for (const FrameIndex end : {before, after})
        if (end < 0 || end >= motion.frames() || !schemas::has_position(motion, end, at(joint)))
            throw EditConflict(joints_text(*motion.layout, {joint}) + ": frames " + interval_text(gap) +
                               " have no good frame on either side to interpolate between");
    Bridge bridge;
    bridge.from = motion.at(before, at(joint));
    bridge.to = motion.at(after, at(joint));
    bridge.confidence = std::min(motion.confidence_at(before, at(joint)), motion.confidence_at(after, at(joint)));
    const Vector3f chord = bridge.to - bridge.from;
    const auto way = static_cast<float>(after - before);
    const auto leaving = pace(motion, before, -1, joint), arriving = pace(motion, after, 1, joint);
    const auto over_the_way = [&](const Vector3f& step) -> Vector3f {
        if (gap.length() <= 4 || step.isZero()) return step * way;
        return step * std::min(way, std::max(4.0F, 3 * chord.norm() / step.norm()));
    };
    bridge.leaving = leaving && arriving ? over_the_way(*leaving) : chord;
    bridge.arriving = leaving && arriving ? over_the_way(*arriving) : chord;
    return bridge;
}

}  // namespace

std::string joints_text(const SkeletonLayout& layout, const std::vector<int>& joints) {
    if (joints.size() != 1) return std::to_string(joints.size()) + " joints";
    std::string name = layout.joints.at(at(joints.front()));
    std::ranges::replace(name, '_', ' ');
    return name;
}

PosePatch moved_joint(const StreamMotion& of, FrameIndex frame, int joint, const Vector3f& to,
                      const std::vector<int>& along, Bones bones) {
    const SkeletonSequence& motion = of.motion;
    check_frames(motion, {frame, frame + 1});
    std::vector<int> joints = along;
    joints.push_back(joint);
    joints = checked(motion, std::move(joints));
    if (!to.allFinite()) throw EditConflict("a joint cannot be moved to what is no number");
    const Vector3f from = motion.at(frame, at(joint));
    const Vector3f offset = from.allFinite() ? Vector3f(to - from) : Vector3f::Zero();
    PosePatch patch{of.stream, "Move " + joints_text(*motion.layout, joints), {}};
    Limbs limbs(motion, frame);
    for (const int each : joints) {
        if (each != joint && !schemas::has_position(motion, frame, at(each))) continue;
        const Vector3f place = each == joint ? to : Vector3f(motion.at(frame, at(each)) + offset);
        if (bones == Bones::free)
            patch.runs.push_back({each, frame, {point(place, 1)}, {}});
        else if (!hangs_from_any(*motion.layout, each, joints))
            limbs.turn(each, place);
    }
    limbs.add_to(patch, frame, joints);
    return patch;
}

PosePatch marked_joints(const StreamMotion& of, FrameSpan span, const std::vector<int>& joints, PointState state) {
    check_frames(of.motion, span);
    const std::string what = joints_text(*of.motion.layout, checked(of.motion, joints));
    PosePatch patch{of.stream, "Mark " + what + (state == PointState::seen ? " as seen" : " as occluded"), {}};
    for (const int joint : checked(of.motion, joints)) {
        JointRun run{joint, span.begin, {}, state};
        for (FrameIndex frame = span.begin; frame < span.end; ++frame) {
            run.points.push_back(point_at(of.motion, frame, joint));
            if (state == PointState::seen) run.points.back().confidence = 1;
        }
        patch.runs.push_back(std::move(run));
    }
    return patch;
}

std::optional<FrameSpan> gap_around(const SkeletonSequence& motion, FrameIndex frame, int joint,
                                    float least_confidence) {
    check_frames(motion, {frame, frame + 1});
    check_joint(motion, joint);
    const auto is_good = [&](FrameIndex at_frame) {
        return schemas::has_position(motion, at_frame, at(joint)) &&
               motion.confidence_at(at_frame, at(joint)) >= least_confidence;
    };
    if (is_good(frame)) return std::nullopt;
    FrameSpan gap{frame, frame + 1};
    while (gap.begin > 0 && !is_good(gap.begin - 1)) --gap.begin;
    while (gap.end < motion.frames() && !is_good(gap.end)) ++gap.end;
    return gap;
}

PosePatch interpolated_joints(const StreamMotion& of, FrameSpan gap, const std::vector<int>& joints, Bones bones) {
    check_frames(of.motion, gap);
    std::vector<int> wanted = checked(of.motion, joints);
    PosePatch patch{of.stream, "Interpolate " + joints_text(*of.motion.layout, wanted), {}};
    for (const int joint : wanted) {
        const Bridge bridge = bridge_over(of.motion, gap, joint);
        JointRun run{joint, gap.begin, {}, PointState::seen};
        for (FrameIndex frame = gap.begin; frame < gap.end; ++frame) {
            const float u = static_cast<float>(frame - gap.begin + 1) / static_cast<float>(gap.length() + 1);
            run.points.push_back(point(bridge.at(u), bridge.confidence));
        }
        patch.runs.push_back(std::move(run));
    }
    if (bones == Bones::free || is_in_pixels(of.motion)) return patch;
    SkeletonSequence motion = of.motion;
    write_patch(motion, patch);
    std::vector<float> lengths = schemas::bone_lengths(of.motion);
    for (std::size_t joint = 0; joint < lengths.size(); ++joint)
        if (!std::ranges::binary_search(wanted, static_cast<int>(joint))) lengths[joint] = 0;
    for (FrameIndex frame = gap.begin; frame < gap.end; ++frame) schemas::set_bone_lengths(motion, frame, lengths);
    PosePatch settled = taken_over({of.stream, motion}, patch.title, motion, gap, wanted);
    for (JointRun& run : settled.runs) run.state = PointState::seen;
    return settled;
}

PosePatch settled_bones(const StreamMotion& of, FrameSpan span) {
    check_frames(of.motion, span);
    if (is_in_pixels(of.motion))
        throw EditConflict(
            "key-points in pixels have no bone lengths to keep: a bone that points at the camera looks "
            "short; correct the skeleton in metres");
    const std::vector<float> lengths = schemas::bone_lengths(of.motion);
    SkeletonSequence settled = of.motion;
    for (FrameIndex frame = span.begin; frame < span.end; ++frame) schemas::set_bone_lengths(settled, frame, lengths);
    return taken_over(of, "Give bones their usual length", settled, span, {});
}

PosePatch swapped_sides(const StreamMotion& of, const Document& document, FrameSpan span,
                        const std::vector<int>& joints) {
    check_frames(of.motion, span);
    const std::vector<int> wanted = checked(of.motion, joints);
    PosePatch patch{of.stream, "Swap left and right", {}};
    const auto take = [&](int joint, int from) {
        std::vector<JointPoint> points;
        for (FrameIndex frame = span.begin; frame < span.end; ++frame)
            points.push_back(point_at(of.motion, frame, from));
        add_runs(patch, joint, span.begin, points, point_states(document, of.stream, from, span));
    };
    for (const auto& [left, right] : of.motion.layout->pairs) {
        const auto is_wanted = [&](int joint) { return std::ranges::binary_search(wanted, joint); };
        if (!wanted.empty() && !is_wanted(left) && !is_wanted(right)) continue;
        take(left, right);
        take(right, left);
    }
    if (patch.runs.empty()) throw EditConflict("these joints have no left and right to swap");
    return patch;
}

PosePatch pose_copied_forward(const StreamMotion& of, const Document& document, FrameIndex frame, FrameIndex last,
                              const std::vector<int>& joints) {
    check_frames(of.motion, {frame, frame + 1});
    check_frames(of.motion, {frame + 1, last + 1});
    PosePatch patch{of.stream, "Copy pose to the next frame", {}};
    const auto copies = static_cast<std::size_t>(last - frame);
    for (const int joint : these_or_all(of.motion, joints)) {
        const PointState state = point_states(document, of.stream, joint, {frame, frame + 1}).front();
        patch.runs.push_back(
            {joint, frame + 1, std::vector<JointPoint>(copies, point_at(of.motion, frame, joint)), state});
    }
    return patch;
}

PosePatch taken_over(const StreamMotion& of, const std::string& title, const SkeletonSequence& values, FrameSpan span,
                     const std::vector<int>& joints) {
    check_frames(of.motion, span);
    check_frames(values, span);
    PosePatch patch{of.stream, title, {}};
    for (const int joint : these_or_all(of.motion, joints)) {
        JointRun run{joint, span.begin, {}, {}};
        for (FrameIndex frame = span.begin; frame < span.end; ++frame)
            run.points.push_back(point_at(values, frame, joint));
        patch.runs.push_back(std::move(run));
    }
    return patch;
}

}  // namespace annotator
