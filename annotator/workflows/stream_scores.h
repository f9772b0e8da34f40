#pragma once

#include <map>
#include <memory>

#include "annotator/workflows/training_snapshot.h"
#include "inference/stream_model.h"

namespace annotator {

// What a model that reads streams says of the clips of a project; each is read once.
//
// Thread: one.
class StreamScores {
public:
    // The document outlives it.
    StreamScores(std::unique_ptr<inference::StreamModel> model, const Document& document);

    [[nodiscard]] const inference::StreamModel& model() const { return *model_; }
    // Of the whole clip, or as far as the skeleton goes. Null when stopped.
    const inference::FrameScores* of(const schemas::Clip& clip,
                                     const std::shared_ptr<const schemas::SkeletonSequence>& skeleton,
                                     const std::stop_token& stop);
    // Peaks of the boundaries strictly inside the stretch. nullopt when stopped.
    std::optional<std::vector<inference::BoundaryProposal>> boundaries(
        const schemas::Clip& clip, const std::shared_ptr<const schemas::SkeletonSequence>& skeleton,
        schemas::FrameSpan stretch, const std::stop_token& stop);

private:
    std::unique_ptr<inference::StreamModel> model_;
    const Document& document_;
    std::map<std::pair<schemas::ClipId, const schemas::SkeletonSequence*>, inference::FrameScores> scores_;
};

}  // namespace annotator
