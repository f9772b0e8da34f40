#include "annotator/document/pose_patch.h"

namespace annotator {

void write_patch(schemas::SkeletonSequence& motion, const PosePatch& patch) {
    for (const JointRun& run : patch.runs) {
        if (run.joint < 0 || run.joint >= static_cast<int>(motion.joints())) continue;
        const auto joint = static_cast<std::size_t>(run.joint);
        for (schemas::FrameIndex frame = run.begin; frame < run.end(); ++frame) {
            if (frame < 0 || frame >= motion.frames()) continue;
            const schemas::JointPoint& point = run.points[static_cast<std::size_t>(frame - run.begin)];
            motion.set(frame, joint, {point.x, point.y, point.z});
            motion.confidence[static_cast<std::size_t>(frame) * motion.joints() + joint] =
                run.state == schemas::PointState::occluded ? 0 : point.confidence;
        }
    }
}

const schemas::JointPoint* point_of(const PosePatch& patch, int joint, schemas::FrameIndex frame) {
    for (const JointRun& run : patch.runs)
        if (run.joint == joint && run.begin <= frame && frame < run.end())
            return &run.points[static_cast<std::size_t>(frame - run.begin)];
    return nullptr;
}

}  // namespace annotator
