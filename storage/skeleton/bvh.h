#pragma once

#include <filesystem>

#include "storage/skeleton/skeleton_recording.h"

// Biovision motion: a hierarchy of joints with offsets and channels, then a line of channel
// values a frame. What the format leaves open is decided so:
//
// - Rotations apply in the order in which each joint lists its channels, the first
//   outermost, in degrees. Position channels replace the OFFSET, axis by axis, as Blender
//   reads them.
// - End Sites are joints, called after their parent with "_end": they are the toes, the
//   finger tips and the top of the head. A repeated name gets a number.
// - y is up. The unit is told by the longest side of the box round the skeleton at rest, a
//   person's height or arm span: below 3 metres, to 45 the units of CMU (1/0.45 inch), to
//   350 centimetres, to 3500 millimetres. Outside 0.3 to 3500, metres and a problem.
namespace storage {

// Fewer or more frames than declared, a last line that is cut off and values that are not
// finite are problems. Throws ReadError.
SkeletonRecording read_bvh(const std::filesystem::path& file);

bool is_bvh(const std::filesystem::path& file);

}  // namespace storage
