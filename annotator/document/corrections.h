#pragma once

#include <vector>

#include "annotator/document/document.h"
#include "schemas/skeleton.h"

// What people corrected about recorded motion. Pure. Frames count in the stream itself.
namespace annotator {

// Writes the corrections of the stream over its recording; a joint that was marked occluded has no confidence.
// Corrections of frames and joints that the recording does not have are left out.
void apply_corrections(schemas::SkeletonSequence& recording, const Document& document, schemas::StreamId stream);

// How a person left the joint in each frame of the span: seen where nothing was said.
std::vector<schemas::PointState> point_states(const Document& document, schemas::StreamId stream, int joint,
                                              schemas::FrameSpan span);

// Whether a person corrected the joint in that frame.
bool is_corrected(const Document& document, schemas::StreamId stream, int joint, schemas::FrameIndex frame);

}  // namespace annotator
