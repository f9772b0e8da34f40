#include "annotator/session/corrected_media.h"

#include <optional>

#include "annotator/document/corrections.h"

namespace annotator {

namespace {

using schemas::SkeletonSequence;

bool are_all_frames(const std::vector<schemas::FrameIndex>& frames, const SkeletonSequence& motion) {
    if (std::ssize(frames) != motion.frames()) return false;
    for (std::size_t i = 0; i < frames.size(); ++i)
        if (frames[i] != static_cast<schemas::FrameIndex>(i)) return false;
    return true;
}

}  // namespace

std::shared_ptr<const ClipMedia> CorrectedMedia::updated(const ClipMedia& media, const Document& document) {
    std::map<schemas::StreamId, Corrected> before = std::exchange(skeletons_, {});
    std::shared_ptr<ClipMedia> result;
    for (std::size_t i = 0; i < media.skeletons.size(); ++i) {
        const ClipMedia::Skeleton& skeleton = media.skeletons[i];
        if (!skeleton.recorded) continue;
        Corrected now{skeleton.recorded, {}, nullptr, nullptr};
        for (const schemas::JointCorrectionId id : document.corrections(skeleton.stream))
            now.corrections.emplace_back(id, document.at<schemas::JointCorrection>(id).edit);
        if (const auto old = before.find(skeleton.stream);
            old != before.end() && old->second.recorded == now.recorded && old->second.corrections == now.corrections) {
            now = std::move(old->second);
        } else {
            now.motion = now.recorded;
            if (!now.corrections.empty()) {
                auto motion = std::make_shared<SkeletonSequence>(*now.recorded);
                apply_corrections(*motion, document, skeleton.stream);
                now.motion = std::move(motion);
            }
            now.shown = are_all_frames(skeleton.stream_frames, *now.motion)
                            ? now.motion
                            : std::make_shared<const SkeletonSequence>(now.motion->in_frames(skeleton.stream_frames));
        }
        if (skeleton.sequence != now.shown) {
            if (!result) result = std::make_shared<ClipMedia>(media);
            result->skeletons[i].sequence = now.shown;
        }
        skeletons_.emplace(skeleton.stream, std::move(now));
    }
    return result;
}

CorrectedMedia::Motion CorrectedMedia::motion(schemas::StreamId stream) const {
    const auto found = skeletons_.find(stream);
    return found == skeletons_.end() ? nullptr : found->second.motion;
}

}  // namespace annotator
