#pragma once

#include <filesystem>

#include "storage/skeleton/skeleton_recording.h"

// Key-points of a video as SLEAP keeps them: `.slp`, which is HDF5 (https://io.sleap.ai, format 1.0 and later).
// Tables `frames`, `instances`, `points` (placed by people) and `pred_points` (by a model) refer to each other
// by number; names of joints and bones are JSON in an attribute of `metadata`.
//
// Frame i of the recording is frame i of the video, by the file's `frame_idx`, which counts from 0; frames
// without an instance have no skeleton. Positions are pixels from the top left. Since format 1.1 the middle of
// the first pixel is (0, 0), and so it is here; positions of older files, whose (0, 0) is that pixel's corner, are
// moved by half a pixel. Scores become confidences, cut to 0 … 1; a point that people placed has 1, one that
// is not visible or NaN has 0.
//
// The layout is a known one where the joints have its names ("coco17"), else one that the file describes.
namespace storage {

// One performer of one video is read: the video with most frames, in it the track with most instances; what people
// placed goes before what a model did. Whatever is left out is a problem. The rate is that of the video beside
// it; the file does not say it. Throws ReadError.
SkeletonRecording read_sleap_keypoints(const std::filesystem::path& file);

// By the extension .slp and HDF5's first bytes.
bool is_sleap_keypoints(const std::filesystem::path& file);

}  // namespace storage
