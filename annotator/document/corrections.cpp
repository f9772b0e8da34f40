#include "annotator/document/corrections.h"

#include <algorithm>

namespace annotator {

namespace {

using schemas::FrameIndex;
using schemas::JointCorrection;
using schemas::JointPoint;
using schemas::PointState;
using schemas::SkeletonSequence;

void write(SkeletonSequence& motion, FrameIndex frame, const JointCorrection& correction, const JointPoint& point) {
    const auto joint = static_cast<std::size_t>(correction.joint);
    motion.set(frame, joint, {point.x, point.y, point.z});
    motion.confidence[static_cast<std::size_t>(frame) * motion.joints() + joint] =
        correction.state == PointState::occluded ? 0 : point.confidence;
}

// The corrections of a joint that touch the span, by their first frame.
template <class Visitor>
void for_each_run(const Document& document, schemas::StreamId stream, int joint, schemas::FrameSpan span,
                  Visitor&& visit) {
    const auto all = document.corrections(stream);
    const auto key = [&](schemas::JointCorrectionId id) {
        const auto& correction = document.at<JointCorrection>(id);
        return std::pair(correction.joint, correction.end_frame);
    };
    // Runs of a joint do not overlap, so they are in the order of their ends as well.
    for (auto at = std::ranges::upper_bound(all, std::pair<std::int64_t, FrameIndex>(joint, span.begin), {}, key);
         at != all.end(); ++at) {
        const auto& correction = document.at<JointCorrection>(*at);
        if (correction.joint != joint || correction.begin_frame >= span.end) return;
        visit(correction);
    }
}

}  // namespace

void apply_corrections(SkeletonSequence& recording, const Document& document, schemas::StreamId stream) {
    for (const schemas::JointCorrectionId id : document.corrections(stream)) {
        const auto& correction = document.at<JointCorrection>(id);
        if (correction.joint >= static_cast<std::int64_t>(recording.joints())) continue;
        const FrameIndex end = std::min(correction.end_frame, recording.frames());
        for (FrameIndex frame = correction.begin_frame; frame < end; ++frame)
            write(recording, frame, correction,
                  correction.points[static_cast<std::size_t>(frame - correction.begin_frame)]);
    }
}

std::vector<PointState> point_states(const Document& document, schemas::StreamId stream, int joint,
                                     schemas::FrameSpan span) {
    std::vector<PointState> states(static_cast<std::size_t>(std::max<FrameIndex>(0, span.length())), PointState::seen);
    for_each_run(document, stream, joint, span, [&](const JointCorrection& correction) {
        const FrameIndex begin = std::max(span.begin, correction.begin_frame);
        const FrameIndex end = std::min(span.end, correction.end_frame);
        std::fill(states.begin() + (begin - span.begin), states.begin() + (end - span.begin), correction.state);
    });
    return states;
}

bool is_corrected(const Document& document, schemas::StreamId stream, int joint, FrameIndex frame) {
    bool corrected = false;
    for_each_run(document, stream, joint, {frame, frame + 1}, [&](const JointCorrection&) { corrected = true; });
    return corrected;
}

}  // namespace annotator
