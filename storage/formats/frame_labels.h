#pragma once

#include <filesystem>

#include "storage/formats/imported_labels.h"

namespace storage {

bool looks_like_frame_labels(const std::filesystem::path& path);

// Class ids in a row, parted by white space or line ends, each for `options.frames_per_row` frames
// (mocap6: 12 frames at 120 per second). Runs of one id become spans; the label is the id's name in
// `options.class_names`, else the id. The key is the file's name without extension.
//
// Where the clip is known and its frames are not a multiple, the rest is listed: frames after the last
// id stay unlabelled, an id that reaches beyond the end is cut there. A word that is no whole
// number is listed and its frames stay unlabelled.
// Throws ReadError if there is not one id, std::invalid_argument if frames_per_row is not positive.
ImportedLabels read_frame_labels(const std::filesystem::path& path, const LabelImportOptions& options);

}  // namespace storage
