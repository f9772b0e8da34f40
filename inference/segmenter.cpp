#include "inference/segmenter.h"

#include <algorithm>
#include <numeric>

namespace inference {

std::vector<RankedLabel> ranked_labels(std::span<const float> probabilities, std::size_t count) {
    std::vector<int> order(probabilities.size());
    std::iota(order.begin(), order.end(), 0);
    const auto score = [probabilities](int label) { return probabilities[static_cast<std::size_t>(label)]; };
    std::ranges::stable_sort(order, [&](int a, int b) { return score(a) > score(b); });
    order.resize(std::min(count, order.size()));
    std::vector<RankedLabel> ranked;
    for (const int label : order) ranked.push_back({label, static_cast<double>(score(label))});
    return ranked;
}

std::vector<SegmentProposal> segments_between(schemas::FrameSpan whole, std::span<const BoundaryProposal> boundaries) {
    std::vector<SegmentProposal> segments;
    if (!schemas::is_valid(whole)) return segments;
    segments.push_back({.span = whole, .boundary_score = 1, .top = {}, .hardness = 0});
    for (const BoundaryProposal& boundary : boundaries) {
        if (boundary.frame <= segments.back().span.begin || boundary.frame >= whole.end) continue;
        segments.back().span.end = boundary.frame;
        segments.push_back(
            {.span = {boundary.frame, whole.end}, .boundary_score = boundary.score, .top = {}, .hardness = 0});
    }
    return segments;
}

std::optional<std::vector<SegmentProposal>> classified(std::vector<SegmentProposal> segments,
                                                       const std::shared_ptr<const schemas::SkeletonSequence>& skeleton,
                                                       Model& model, Hardness hardness, std::stop_token stop) {
    std::vector<Sample> samples;
    for (const SegmentProposal& segment : segments) samples.push_back({skeleton, segment.span});
    const std::optional<Prediction> prediction = model.predict(samples, hardness, stop);
    if (!prediction) return std::nullopt;
    for (std::size_t i = 0; i < segments.size(); ++i) {
        segments[i].top = ranked_labels(prediction->row(i));
        segments[i].hardness = prediction->hardness.empty() ? 0 : static_cast<double>(prediction->hardness[i]);
    }
    return segments;
}

std::vector<SegmentProposal> merged_equal_neighbours(std::span<const SegmentProposal> segments, double keep_from) {
    const auto label_of = [](const SegmentProposal& segment) {
        return segment.top.empty() ? -1 : segment.top[0].label;
    };
    std::vector<SegmentProposal> merged;
    for (const SegmentProposal& segment : segments) {
        const bool joins = !merged.empty() && !segment.top.empty() && segment.boundary_score < keep_from &&
                           merged.back().span.end == segment.span.begin && label_of(merged.back()) == label_of(segment);
        if (!joins) {
            merged.push_back(segment);
            continue;
        }
        SegmentProposal& whole = merged.back();
        if (segment.span.length() > whole.span.length()) whole.top = segment.top;
        whole.hardness = std::max(whole.hardness, segment.hardness);
        whole.span.end = segment.span.end;
    }
    return merged;
}

std::optional<std::vector<SegmentProposal>> segment_then_classify(
    const std::shared_ptr<const schemas::SkeletonSequence>& skeleton, schemas::FrameSpan whole,
    std::span<const BoundaryProposal> boundaries, Model& model, Hardness hardness, std::stop_token stop) {
    auto segments = classified(segments_between(whole, boundaries), skeleton, model, hardness, stop);
    if (!segments) return std::nullopt;
    std::vector<SegmentProposal> merged = merged_equal_neighbours(*segments);
    if (merged.size() == segments->size()) return segments;
    return classified(std::move(merged), skeleton, model, hardness, stop);
}

}  // namespace inference
