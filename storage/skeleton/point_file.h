#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "storage/skeleton/skeleton_recording.h"

// Key-points that a model found, as a recording of their own: text, "kinetograph-points".
//
//     kinetograph-points 1
//     note found by lstm_cnn_pose-1                 any number of lines for people: where the points come from
//     layout msr20                                  one of schemas/skeletons
//     rate 15/1
//     joints left_shoulder right_shoulder …         in the order of the values
//     frames 2
//     x y z confidence x y z confidence …           a line a frame; metres, y up; 0 0 0 0 was not seen
namespace storage {

// Throws WriteError, and std::invalid_argument for a layout that is none of schemas/skeletons, for pixels or a rate
// that is not valid. Numbers are read back as the same floats.
void write_point_file(const SkeletonRecording& recording, const std::vector<std::string>& notes,
                      const std::filesystem::path& file);

// A line that is cut off at the end is dropped, and that and fewer or more frames than declared are problems, as are
// values that are not finite. Throws ReadError.
SkeletonRecording read_point_file(const std::filesystem::path& file);

// By the first word.
bool is_point_file(const std::filesystem::path& file);

}  // namespace storage
