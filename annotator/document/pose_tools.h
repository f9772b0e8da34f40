#pragma once

#include <optional>
#include <string>
#include <vector>

#include "annotator/document/document.h"
#include "annotator/document/pose_patch.h"
#include "schemas/skeleton.h"

// What a person can do to key-points, as pure functions from motion to a patch (correct_joints makes an edit of it).
// They throw EditConflict for frames and joints that there are not and for positions that are no numbers. Frames count
// in the stream itself.
namespace annotator {

// A skeleton stream as it stands: its recording with its corrections, in its own frames.
struct StreamMotion {
    schemas::StreamId stream{};
    const schemas::SkeletonSequence& motion;
};

// keep_lengths: joints that hang from a moved one follow rigidly, and its own bone gets the median length (in pixels,
// where bones look shorter the more they point at the camera: keeps the length of this frame).
enum class Bones { free, keep_lengths };

// A joint goes to a place; `along` are other joints that are moved by as much.
PosePatch moved_joint(const StreamMotion& of, schemas::FrameIndex frame, int joint, const Eigen::Vector3f& to,
                      const std::vector<int>& along, Bones bones);

PosePatch marked_joints(const StreamMotion& of, schemas::FrameSpan span, const std::vector<int>& joints,
                        schemas::PointState state);

// The frames round `frame` in which the joint was not seen or is less sure than `least_confidence`; nullopt where it
// is good.
std::optional<schemas::FrameSpan> gap_around(const schemas::SkeletonSequence& motion, schemas::FrameIndex frame,
                                             int joint, float least_confidence = 0.3F);

// From the frame before the gap to the one after it, along a cubic that leaves and arrives as the joint moved over the
// three frames outside; where those are not seen, along a line. In gaps of more than four frames the curve leaves an
// end as if it went on for four frames, or for three times the way to the other end, so that it does not swing far out.
// As sure as the less sure end.
PosePatch interpolated_joints(const StreamMotion& of, schemas::FrameSpan gap, const std::vector<int>& joints,
                              Bones bones);

// Each bone its median length. Of skeletons in metres; in pixels bones have no length to keep.
PosePatch settled_bones(const StreamMotion& of, schemas::FrameSpan span);

// Left and right were taken for each other: the pairs that hold one of the joints, or all pairs where none is named.
PosePatch swapped_sides(const StreamMotion& of, const Document& document, schemas::FrameSpan span,
                        const std::vector<int>& joints);

// The pose of a frame in the ones behind it, up to `last`; of some joints, or of all where none is named.
PosePatch pose_copied_forward(const StreamMotion& of, const Document& document, schemas::FrameIndex frame,
                              schemas::FrameIndex last, const std::vector<int>& joints);

// Values computed elsewhere, a sequence as long as the motion; of some joints, or of all where none is named.
PosePatch taken_over(const StreamMotion& of, const std::string& title, const schemas::SkeletonSequence& values,
                     schemas::FrameSpan span, const std::vector<int>& joints);

// "left wrist", or "3 joints".
std::string joints_text(const schemas::SkeletonLayout& layout, const std::vector<int>& joints);

}  // namespace annotator
