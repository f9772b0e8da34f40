#pragma once

#include <memory>
#include <span>
#include <vector>

#include "schemas/frame.h"
#include "schemas/frame_measures.h"
#include "schemas/proposal.h"
#include "schemas/skeleton.h"

// Curves under the timeline: one value, 0 to 1, for each frame of a clip. Pure.
namespace annotator {

// How fast the joints move: the mean over those that were seen, smoothed over a tenth of a second; 1 is the 99th
// percentile of the clip. Sequences in metres count, and those in pixels where there are no others. Empty where there
// is no motion.
std::vector<float> motion_energy(std::span<const std::shared_ptr<const schemas::SkeletonSequence>> skeletons,
                                 const schemas::FrameTable& times, schemas::FrameSpan clip);

// How much the picture changes, likewise, from measures of the take's reference.
std::vector<float> motion_energy(const schemas::MediaMeasures& reference, const schemas::FrameTable& times,
                                 schemas::FrameSpan clip);

// What the segmenter thinks of a boundary at each frame: the score of the proposal that begins there, falling to 0
// within 0.15 s before and after. Empty without proposals.
std::vector<float> boundary_probability(std::span<const schemas::Proposal> proposals, const schemas::FrameTable& times,
                                        schemas::FrameSpan clip);

}  // namespace annotator
