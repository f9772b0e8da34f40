#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "annotator/workflows/labelled_streams.h"
#include "annotator/workflows/training_snapshot.h"
#include "inference/stream_decoder.h"

// Streams segment first, label second (models.md 2.4): what pre-labelling proposes for them, and what the editor
// suggests for a segment after its boundaries were moved.
namespace annotator {

// What a model says about spans of one motion of a clip, spans x labels. nullopt when stopped.
using AskMotion = std::function<std::optional<std::vector<float>>(
    schemas::ClipId clip, const std::shared_ptr<const schemas::SkeletonSequence>& skeleton,
    std::span<const schemas::FrameSpan> spans)>;

struct StreamAsk {
    std::vector<schemas::LabelId> labels;  // of the model, in the project's ids; 0: the project has no such label
    AskMotion ask;
    double grammar_weight = 0.3;
    std::vector<ProjectStream> known;  // that the grammar is counted on
};

struct StreamProposal {
    schemas::ClipId clip{};
    std::optional<schemas::PerformerId> performer;
    schemas::FrameSpan span;
    double boundary_score = 1;
    std::vector<schemas::LabelScore> top;
};

// What the model makes of the unlabelled samples of a snapshot of streams: each is labelled by the motion that it is
// about, or by the mean of all where the track is not per performer; equal neighbours join over a weak boundary; and
// the grammar decides together with it, the snapshot's labels next to a stretch included. By clip,
// performer and first frame. nullopt when stopped.
std::optional<std::vector<StreamProposal>> stream_proposals(const Document& document, const TrainingSnapshot& snapshot,
                                                            const StreamAsk& ask, const JobContext& job);

// The labels of one segment of a stream, best first: what a model says of each of its motions, rows of as many
// probabilities as there are `labels`, together with the segments of its layer that touch it and the grammar of the
// track's labels (truth does not count). Empty where no label of the model is one of the project.
std::vector<schemas::LabelScore> labels_among_neighbours(const Document& document, const schemas::Segment& segment,
                                                         const std::vector<std::vector<float>>& probabilities,
                                                         const std::vector<schemas::LabelId>& labels,
                                                         double grammar_weight = 0.3);

}  // namespace annotator
