#pragma once

#include <optional>
#include <string>
#include <vector>

#include "schemas/joint_correction.h"
#include "schemas/skeleton.h"

namespace annotator {

// New points of one joint over consecutive frames of its stream.
struct JointRun {
    int joint = 0;
    schemas::FrameIndex begin = 0;
    std::vector<schemas::JointPoint> points;   // one a frame
    std::optional<schemas::PointState> state;  // none: as it was

    [[nodiscard]] schemas::FrameIndex end() const { return begin + static_cast<schemas::FrameIndex>(points.size()); }
    bool operator==(const JointRun&) const = default;
};

// What a tool would do to key-points: shown as a preview, or made an edit by correct_joints. Runs of one joint do not
// overlap.
struct PosePatch {
    schemas::StreamId stream{};
    std::string title;  // of the edit
    std::vector<JointRun> runs;

    bool operator==(const PosePatch&) const = default;
};

// Writes the points into the motion, in the stream's own frames; those of frames and joints that it does not have are
// left out.
void write_patch(schemas::SkeletonSequence& motion, const PosePatch& patch);

// The point that the patch gives a joint in a frame; nullptr where it gives none.
const schemas::JointPoint* point_of(const PosePatch& patch, int joint, schemas::FrameIndex frame);

}  // namespace annotator
