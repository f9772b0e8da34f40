#pragma once

#include <vector>

#include "inference/stream_model.h"

namespace inference_tests {

// Synthetic movements one after another, blended over a few frames and labelled throughout; the order and the lengths,
// from 30 to 50 frames at 30 a second, come from the seed.
inference::LabelledStream synthetic_stream(int kinds, int segments, std::uint64_t seed);
// Two frames for each, in between by interpolation.
inference::LabelledStream twice_as_quick(const inference::LabelledStream& stream);

}  // namespace inference_tests
