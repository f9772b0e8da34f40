#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <stop_token>
#include <vector>

#include "inference/change_points.h"
#include "inference/grammar.h"
#include "inference/model_family.h"
#include "inference/segmenter.h"

// From what a model says of every frame to labelled segments (models.md 2.4): peaks of the boundaries, segments between
// them, labels of whole segments, weak boundaries between equal ones gone, and the likeliest labels by the grammar.
// Boundaries may as well come from change points, and labels from any classifier; what a person has moved or labelled
// since is decoded by the same functions. Values only; any thread.
namespace inference {

// What a model says of the frames of a stretch.
struct FrameScores {
    schemas::FrameSpan span;
    int labels = 0;
    std::vector<float> probabilities;  // frames x labels, rows sum to 1
    std::vector<float> starts, ends;   // of each frame: that it is the first of a segment, the last; 0 to 1
};

// Throws std::invalid_argument naming the frame that holds what is no probability, and for sizes that do not fit.
void require_sound(const FrameScores& scores);

// Of each frame how sure it is that something new begins there: its start, or the end of the frame before it where
// that is surer.
std::vector<float> merged_boundaries(const FrameScores& scores);

struct PeakOptions {
    double threshold = 0.3;            // what a peak must reach
    schemas::FrameIndex suppress = 4;  // a peak hides lower ones as near as this, of equal ones the later
    schemas::FrameIndex shortest = 8;  // of a segment
};

// Boundaries strictly inside `whole`, ascending; curve[i] is of frame whole.begin + i. Of the peaks that are left after
// those hidden by higher ones are gone, the choice that leaves no segment shorter than `shortest` and has the largest
// sum. A flat top counts once, at its middle. Throws std::invalid_argument for a curve of another length, naming the
// frame of a value outside of 0 to 1, and for options without sense.
std::vector<BoundaryProposal> boundary_peaks(std::span<const float> curve, schemas::FrameSpan whole,
                                             const PeakOptions& options = {});

// The probabilities of each label for whole segments, segments x labels. nullopt when stopped.
using SegmentScores = std::function<std::optional<std::vector<float>>(std::span<const schemas::FrameSpan> spans)>;

// By a classifier that is shown the motion of each segment. Both outlive it.
SegmentScores classified_by(Model& model, std::shared_ptr<const schemas::SkeletonSequence> skeleton,
                            std::stop_token stop = {});
// The mean over the frames of each segment, which are of scores.span; `scores` outlives it.
SegmentScores mean_of_frames(const FrameScores& scores);

// One segment while a stream is decoded, or is being edited.
struct StreamSegment {
    schemas::FrameSpan span;
    double boundary_score = 1;     // of span.begin
    std::optional<int> known;      // the label that a person gave it
    std::vector<float> said;       // of each label, by itself; empty: nobody has been asked about this span
    std::vector<RankedLabel> top;  // by what it says and by its neighbours, best first, at most five
};

struct StreamRules {
    int labels = 0;
    const Grammar* grammar = nullptr;  // none: every segment is labelled by itself
    double grammar_weight = 0.3;
    double frames_per_second = 1;
    schemas::FrameSpan stream;  // where the whole begins and ends
};

// Labels segments, which are ascending and do not overlap. Only those are asked about that nobody has labelled and
// nobody has been asked about: after an edit, clear `said` of what it touched and call again. Segments that touch each
// other make a chain for the grammar. nullopt when stopped. Throws std::invalid_argument for segments out of order, and
// when what is said or known does not fit the rules.
std::optional<std::vector<StreamSegment>> labelled_segments(std::vector<StreamSegment> segments,
                                                            const SegmentScores& scores, const StreamRules& rules);

// The same, after neighbours that touch, that nobody has labelled and that have one best label were joined where the
// boundary between them scores below `keep_from`; what was joined is asked about again.
std::optional<std::vector<StreamSegment>> joined_segments(std::vector<StreamSegment> segments,
                                                          const SegmentScores& scores, const StreamRules& rules,
                                                          double keep_from = 0.5);

// Segments between boundaries, joined and labelled so.
std::optional<std::vector<StreamSegment>> decoded_stream(schemas::FrameSpan whole,
                                                         std::span<const BoundaryProposal> boundaries,
                                                         const SegmentScores& scores, const StreamRules& rules,
                                                         double keep_from = 0.5);

}  // namespace inference
