#pragma once

#include <memory>
#include <optional>
#include <span>
#include <stop_token>
#include <vector>

#include "inference/change_points.h"
#include "inference/model_family.h"

// Segment first, classify second (models.md, first of the five things, and 2.4).
namespace inference {

struct RankedLabel {
    int label = 0;
    double score = 0;  // probability
};

// Best first; of equal probabilities the lower class comes first.
std::vector<RankedLabel> ranked_labels(std::span<const float> probabilities, std::size_t count = 5);

struct SegmentProposal {
    schemas::FrameSpan span;
    double boundary_score = 1;     // of span.begin; 1 at the start of the whole
    std::vector<RankedLabel> top;  // empty without a model
    double hardness = 0;           // the ohem score where it was asked for
};

// The spans between boundaries, which are ascending and strictly inside `whole`; others
// are passed over.
std::vector<SegmentProposal> segments_between(schemas::FrameSpan whole, std::span<const BoundaryProposal> boundaries);

// Classifies every span on its own, in one batch. What an edit touched is classified again
// by calling this for the touched spans alone. nullopt when stopped.
std::optional<std::vector<SegmentProposal>> classified(std::vector<SegmentProposal> segments,
                                                       const std::shared_ptr<const schemas::SkeletonSequence>& skeleton,
                                                       Model& model, Hardness hardness, std::stop_token stop = {});

// Joins touching neighbours of one best label where the boundary between them scores below
// `keep_from`. The whole keeps the label scores of its longest part and the larger hardness.
std::vector<SegmentProposal> merged_equal_neighbours(std::span<const SegmentProposal> segments, double keep_from = 0.5);

// segments_between, classified, merged, and classified again where something was merged.
std::optional<std::vector<SegmentProposal>> segment_then_classify(
    const std::shared_ptr<const schemas::SkeletonSequence>& skeleton, schemas::FrameSpan whole,
    std::span<const BoundaryProposal> boundaries, Model& model, Hardness hardness, std::stop_token stop = {});

}  // namespace inference
