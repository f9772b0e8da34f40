#pragma once

#include <filesystem>

#include "storage/formats/imported_labels.h"

namespace storage {

bool looks_like_csv_labels(const std::filesystem::path& path);

// A table with a header line, separated by commas, semicolons or tabs (whichever the header has).
// Columns, in any order, the case of their names ignored:
//   clip, label                     required
//   begin, end                      frames from the clip's first frame, counted from 0, half-open; or
//   begin_seconds, end_seconds      seconds from the clip's first frame, see nearest_boundary.h
//   track, performer                optional; an empty field means none
// Other columns are listed once and ignored. Where both kinds of columns are there, frames count.
//
// Rows that cannot be used are listed with their line and left out: a wrong number of fields, an empty
// clip or label, numbers with a decimal comma or otherwise unreadable, spans that are empty,
// negative or beyond the clip's end (partly beyond: cut), exact repetitions of a row.
// Throws ReadError if the header lacks a required column.
ImportedLabels read_csv_labels(const std::filesystem::path& path, const LabelImportOptions& options);

}  // namespace storage
