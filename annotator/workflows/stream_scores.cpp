#include "annotator/workflows/stream_scores.h"

#include <algorithm>

#include "annotator/document/queries.h"

namespace annotator {

StreamScores::StreamScores(std::unique_ptr<inference::StreamModel> model, const Document& document)
    : model_(std::move(model)), document_(document) {}

const inference::FrameScores* StreamScores::of(const schemas::Clip& clip,
                                               const std::shared_ptr<const schemas::SkeletonSequence>& skeleton,
                                               const std::stop_token& stop) {
    const std::pair key{clip.id, skeleton.get()};
    if (const auto found = scores_.find(key); found != scores_.end()) return &found->second;
    const schemas::FrameSpan whole{clip.begin_frame, std::min(clip.end_frame, skeleton->frames())};
    auto scores =
        model_->scores({skeleton, whole, reference_stream(document_, clip.take)->rate().per_second(), {}}, stop);
    if (!scores) return nullptr;
    return &scores_.emplace(key, std::move(*scores)).first->second;
}

std::optional<std::vector<inference::BoundaryProposal>> StreamScores::boundaries(
    const schemas::Clip& clip, const std::shared_ptr<const schemas::SkeletonSequence>& skeleton,
    schemas::FrameSpan stretch, const std::stop_token& stop) {
    const inference::FrameScores* scores = of(clip, skeleton, stop);
    if (scores == nullptr) return std::nullopt;
    stretch.end = std::min(stretch.end, scores->span.end);
    if (!schemas::is_valid(stretch)) return std::vector<inference::BoundaryProposal>{};
    const std::vector<float> curve = inference::merged_boundaries(*scores);
    return inference::boundary_peaks(
        std::span(curve).subspan(static_cast<std::size_t>(stretch.begin - scores->span.begin),
                                 static_cast<std::size_t>(stretch.length())),
        stretch);
}

}  // namespace annotator
