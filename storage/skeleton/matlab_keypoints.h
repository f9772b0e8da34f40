#pragma once

#include <filesystem>

#include "storage/skeleton/skeleton_recording.h"

// Key-points of a video as MATLAB variables: `points`, frames x 17 x 2, columns and rows in pixels, and
// perhaps `scores`, frames x 17, as MoveNet's and other COCO detectors are saved. Layout "coco17", in
// the order of COCO. Row f is frame f of the video, from 0. Positions are kept as they are: pixels
// from the top left, counted from 0.
namespace storage {

// Scores become confidences, cut to 0 … 1; without them every joint has 1. A point that is NaN was not
// seen. The rate is that of the video beside it; the file does not say it. Throws ReadError.
SkeletonRecording read_matlab_keypoints(const std::filesystem::path& file);

// By the extension .mat and such a variable inside.
bool is_matlab_keypoints(const std::filesystem::path& file);

}  // namespace storage
