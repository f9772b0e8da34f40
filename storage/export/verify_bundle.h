#pragma once

#include <filesystem>
#include <map>
#include <string>

#include "storage/export/export_reader.h"

namespace storage {

// The part of verify_export() that concerns the MS-TCN bundle: names.csv, mapping.txt, groundTruth, masks,
// features and split bundles. Throws ReadError if one of the tables cannot be read.
void verify_bundle(const std::filesystem::path& folder, const std::map<std::string, ExportedClip>& clips,
                   FindingList& findings);

}  // namespace storage
