#pragma once

#include <filesystem>

#include "storage/formats/imported_labels.h"

namespace storage {

bool looks_like_cmu_segments(const std::filesystem::path& path);

// Hand-made segments of CMU motion capture, as published with aligned cluster analysis (Zhou, De la
// Torre, Hodgins, FG 2008). A block is a line "subject trial" and a line for each segment,
//   label earliest best latest
// the END frame of the segment, counted from 1 and inclusive, between the earliest and the
// latest frame that people would accept. So frame `best` of the file is our half-open end, and a
// segment begins where the one before it ends, the first at 0. Keys are "86_01".
//
// A row whose three numbers are not in order is listed; `best` counts and the tolerance is widened to
// hold all three. A row that does not end after the one before it is listed and left out, as is a row of
// another form, one before any block, and a second block of one trial.
// Throws ReadError if there is no block at all.
ImportedLabels read_cmu_segments(const std::filesystem::path& path, const LabelImportOptions& options);

}  // namespace storage
