#pragma once

#include <filesystem>

#include "storage/skeleton/skeleton_recording.h"

// Body streams of Kinect v2 as comma separated values: a time stamp in ticks of 100 ns, then
// x, y, z and tracking state of 25 joints in the order of the SDK, layout "kinect25", and
// perhaps a comma. Metres in camera space: y up, z away from the sensor, x to the right hand
// of a person who faces it. A first line of names is skipped.
//
// Tracking states 0 not tracked, 1 inferred, 2 tracked are the confidences 0, 0.5 and 1.
namespace storage {

// `rate` is the usual one nearest to the median interval. A last line that is cut off,
// stamps that do not rise and values that are not finite are problems. Throws ReadError.
SkeletonRecording read_kinect_csv(const std::filesystem::path& file);

// By the columns of the first row: a count of ticks and 25 sound joints.
bool is_kinect_csv(const std::filesystem::path& file);

}  // namespace storage
