#pragma once

#include <filesystem>

#include "storage/formats/imported_labels.h"

namespace storage {

// A bundle's folder (groundTruth/ and mapping.txt), or one file in a folder called groundTruth.
bool looks_like_mstcn(const std::filesystem::path& path);

// Reads groundTruth as spans: runs of one label. Keys are video ids, or, where names.csv of our
// own exports lies there, the names that it maps back to. Frames that mask/ marks with 0, frames called
// "unlabelled" and empty lines carry no label; "background" is a label like others. Line ends of
// Windows and a missing last line end are listed and read; so are labels that mapping.txt does not
// know and a number of lines other than the clip's frames.
// A file that cannot be used is listed and the others come in; ReadError if none can.
ImportedLabels read_mstcn(const std::filesystem::path& path, const LabelImportOptions& options);

}  // namespace storage
