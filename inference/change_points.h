#pragma once

#include <optional>
#include <span>
#include <stop_token>
#include <vector>

#include "schemas/frame.h"
#include "schemas/skeleton.h"

namespace inference {

// The pruned exact linear time search for change points (Killick, Fearnhead and Eckley
// 2012) under a cost of squared distance from the segment's mean. `signal` holds rows x
// width values. Returns the first rows of all segments but the first, ascending; no
// segment is shorter than `shortest` rows. nullopt when stopped.
std::optional<std::vector<std::size_t>> pelt(std::span<const float> signal, std::size_t width, double penalty,
                                             std::size_t shortest, std::stop_token stop = {});

struct ChangePointOptions {
    double penalty = 1;  // of a boundary, times the default; larger finds fewer
    double shortest_seconds = 1.3;
};

// A frame at which something new starts, and how sure that is, 0 to 1.
struct BoundaryProposal {
    schemas::FrameIndex frame = 0;
    double score = 0;
};

// Proposes boundaries without any label, from how pose and speed of the joints change their
// mean, ascending and strictly inside `span`. Where people rest near a boundary it is
// moved there. Empty for spans that are too short or in which nothing was seen.
// nullopt when stopped. Throws std::invalid_argument for a span that is not of the sequence.
std::optional<std::vector<BoundaryProposal>> change_points(const schemas::SkeletonSequence& sequence,
                                                           schemas::FrameSpan span, double frames_per_second,
                                                           const ChangePointOptions& options = {},
                                                           std::stop_token stop = {});

}  // namespace inference
