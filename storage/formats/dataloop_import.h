#pragma once

#include <filesystem>

#include "storage/formats/imported_labels.h"

namespace storage {

bool looks_like_dataloop(const std::filesystem::path& path);

// The annotations of one video as Dataloop exports them (StreamPoseML trains on such files): `name` of the video and
// `annotations`, each a `label` and metadata.system.{frame, endFrame, startTime, endTime}.
//
// Frames count from 0, `endFrame` is the last one that the label speaks of: so our half-open end is one more. That
// an annotation up to the end of a video of 287 frames has endFrame 286, and that labels which follow on each other
// differ by one, shows it; seconds are made of frame numbers and a nominal rate, so that endTime is when the last
// frame begins. Frames count, the seconds only serve to tell whether it is the same recording.
//
// The clip is the one called as the video is, else as the label file is. Labels may overlap.
// Problems name the field: annotations[3].metadata.system. Repeated annotations are listed and left out.
// Throws ReadError: not JSON, no "annotations".
ImportedLabels read_dataloop(const std::filesystem::path& path, const LabelImportOptions& options);

}  // namespace storage
