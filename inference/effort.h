#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "inference/segmentation_metrics.h"

// What finishing a labelling costs a person, in edits and by the keystroke-level model of
// Card, Moran and Newell 1980 (models.md 3.4). Simulated and logged work are counted by
// the same functions.
namespace inference {

// What a person did, or would do.
struct Actions {
    std::int64_t created = 0;   // boundaries drawn from nothing
    std::int64_t labelled = 0;  // segments labelled from nothing
    std::int64_t moved = 0;     // boundaries
    std::int64_t inserted = 0;
    std::int64_t deleted = 0;
    std::int64_t relabelled_by_key = 0;     // the right label was among the proposed ones
    std::int64_t relabelled_by_search = 0;  // it was not
    std::int64_t verified = 0;              // segments looked at; no operation, but it takes time
    double watched_seconds = 0;             // of the person's time

    Actions& operator+=(const Actions& other);
    [[nodiscard]] std::int64_t operations() const;
};

struct KeystrokeModel {
    double create = 3.05;
    double label = 1.55;
    double move = 3.75;
    double insert = 3.05;
    double remove = 1.55;
    double relabel_by_key = 1.55;
    double relabel_by_search = 4.1;
    double verify = 1.35;

    [[nodiscard]] double seconds(const Actions& actions) const;
};

// A proposed segment with its labels, best first.
struct ProposedSegment {
    schemas::FrameSpan span;
    std::vector<int> top;
};

struct EffortOptions {
    schemas::FrameIndex match_window = 15;
    schemas::FrameIndex tolerance = 3;  // a matched boundary further off than this is moved
    double watch_speed_scratch = 1;
    double watch_speed_verify = 2;
};

// Watching once, drawing every boundary between two segments, naming every segment.
// `truth` and the proposals below are ascending and do not overlap.
Actions actions_from_scratch(std::span<const LabelledSpan> truth, double duration_seconds,
                             const EffortOptions& options = {});

// Policy A: after the boundaries are right a true segment inherits the proposal that
// covers most of it.
Actions actions_to_correct(std::span<const LabelledSpan> truth, std::span<const ProposedSegment> proposed,
                           double duration_seconds, const EffortOptions& options = {});

// Policy B: after the boundaries are right the model classifies each true segment again;
// `reclassified[i].top` are its labels for truth[i].
Actions actions_to_correct_with_model(std::span<const LabelledSpan> truth, std::span<const ProposedSegment> proposed,
                                      std::span<const ProposedSegment> reclassified, double duration_seconds,
                                      const EffortOptions& options = {});

}  // namespace inference
