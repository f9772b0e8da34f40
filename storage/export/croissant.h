#pragma once

#include <map>
#include <string>

#include "storage/export/dataset_writer.h"

namespace storage {

// croissant.json: the dataset's description in Croissant 1.0 (JSON-LD,
// https://docs.mlcommons.org/croissant/docs/croissant-spec.html): every file with its SHA-256, and record
// sets for clips, segments and, with a split, its members.
std::string croissant_from(const Dataset& dataset, const ExportOptions& options,
                           const std::map<std::string, WrittenFile>& files);

}  // namespace storage
