#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "schemas/frame.h"

// Measures of a labelling of frames and of its boundaries (models.md 2.8). A frame's label
// is a class or `unlabelled`; background is a class like any other that the caller names.
namespace inference {

inline constexpr int unlabelled = -1;

struct LabelledSpan {
    schemas::FrameSpan span;
    int label = unlabelled;

    bool operator==(const LabelledSpan&) const = default;
};

// The maximal runs of one label, in order, without unlabelled frames and background.
std::vector<LabelledSpan> runs_of_labels(std::span<const int> frames, std::optional<int> background = std::nullopt);

struct Share {
    std::int64_t hits = 0;
    std::int64_t total = 0;

    [[nodiscard]] double value() const {
        return total == 0 ? 0 : static_cast<double>(hits) / static_cast<double>(total);
    }
};

// Frames of that truth that are labelled so. Frames without a true label do not count, nor
// those whose truth is `background` where it is given.
Share frame_accuracy(std::span<const int> truth, std::span<const int> predicted,
                     std::optional<int> background = std::nullopt);

struct DetectionCounts {
    std::int64_t hits = 0;    // true positives
    std::int64_t extra = 0;   // false positives
    std::int64_t missed = 0;  // false negatives

    DetectionCounts& operator+=(const DetectionCounts& other);
    [[nodiscard]] double precision() const;
    [[nodiscard]] double recall() const;
    [[nodiscard]] double f1() const;
};

// As f_score of the MS-TCN evaluation: predicted runs in order take the true run of the
// same label with the largest overlap, once each. Overlap is intersection over the hull
// of both, and the last run of a sequence ends one frame early, as it does there. Counts
// add up over the videos of a data set before F1 is taken.
DetectionCounts segmental_counts(std::span<const int> truth, std::span<const int> predicted, double overlap,
                                 std::optional<int> background = std::nullopt);

// 1 - Levenshtein distance / the longer one's length, in [0, 1]; 1 where both are empty. Of primitives, named after
// units (agreement.h), against the true units at the same times this is the primitive sequence match.
double sequence_match(std::span<const int> a, std::span<const int> b);

// The same of the sequences of runs. Averaged over videos. 1 where neither has a run.
double edit_score(std::span<const int> truth, std::span<const int> predicted,
                  std::optional<int> background = std::nullopt);

enum class BoundaryChannel { start, end, merged };

// Frames at which a run starts, the frame after its last one, or both. The first frame of
// the sequence is no boundary and neither is its end. Ascending, without repetition.
std::vector<schemas::FrameIndex> boundaries_of_labels(std::span<const int> frames,
                                                      BoundaryChannel channel = BoundaryChannel::merged,
                                                      std::optional<int> background = std::nullopt);

// A true boundary and the frames at which it may be placed, both ends included.
struct ToleratedBoundary {
    schemas::FrameIndex earliest = 0;
    schemas::FrameIndex best = 0;
    schemas::FrameIndex latest = 0;
};

std::vector<ToleratedBoundary> within(std::span<const schemas::FrameIndex> boundaries, schemas::FrameIndex window);

struct BoundaryPair {
    std::size_t truth = 0;  // indices
    std::size_t predicted = 0;
};

// One-to-one and monotone: of all matchings of most pairs the one with the least sum of
// |predicted - best|. `predicted` ascending, `truth` ascending by `best`.
std::vector<BoundaryPair> match_boundaries(std::span<const ToleratedBoundary> truth,
                                           std::span<const schemas::FrameIndex> predicted);

struct BoundaryScores {
    DetectionCounts counts;
    double sum_of_distances = 0;  // |predicted - best| over the matched, in frames

    BoundaryScores& operator+=(const BoundaryScores& other);
    [[nodiscard]] double f1() const { return counts.f1(); }
    [[nodiscard]] std::optional<double> mean_distance() const;
};

BoundaryScores boundary_scores(std::span<const ToleratedBoundary> truth,
                               std::span<const schemas::FrameIndex> predicted);

}  // namespace inference
