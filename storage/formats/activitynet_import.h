#pragma once

#include <filesystem>

#include "storage/formats/imported_labels.h"

namespace storage {

bool looks_like_activitynet(const std::filesystem::path& path);

// Reads "database" (the evaluator's layout) as spans; needs the clips' frame tables, see
// nearest_boundary.h for how seconds become frames. Our own "frames" count where they agree with the seconds
// to a quarter of a frame, or where the clip is not known. Keys are our "clip" where it stands, else
// the video's name. Any subset is kept; overlaps are allowed; repeated annotations are listed and left out.
// Problems name the field: database.VIDEO.annotations[3].segment.
// Throws ReadError: not JSON, no "database", a file of predictions.
ImportedLabels read_activitynet(const std::filesystem::path& path, const LabelImportOptions& options);

}  // namespace storage
