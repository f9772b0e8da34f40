#pragma once

#include <optional>

#include "schemas/picture.h"
#include "storage/media/depth_reader.h"

// A frame's number, painted into the top of its picture so that tests can tell which frame they
// see: two rows of 16 blocks, white for 1 and black for 0, the most significant bit first; the
// second row is the complement of the first. A grey margin keeps them apart from the picture.
// Everything scales with the picture, so that the number survives lossy codecs, scaling down to
// 64 pixels a side, and a rotation that is undone.
namespace annotator::synth {

inline constexpr int most_frame_number = 0xffff;

// Throws std::invalid_argument for a number that is not in [0, most_frame_number].
void paint_frame_number(schemas::Picture& picture, int number);
void paint_frame_number(storage::DepthFrame& picture, int number);

// nullopt where the blocks are not there or contradict each other.
std::optional<int> read_frame_number(const schemas::Picture& picture);
std::optional<int> read_frame_number(const storage::DepthFrame& picture);

}  // namespace annotator::synth
