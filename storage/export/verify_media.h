#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "storage/export/dataset.h"
#include "storage/export/verify_export.h"
#include "storage/media/video_index.h"

namespace storage {

struct MediaCheck {
    // Where a recording of the export lies now; nullopt where it was not found, which is a warning.
    std::function<std::optional<std::filesystem::path>(const DatasetMedia&)> find;
    ScanOptions::Thoroughness thoroughness = ScanOptions::Thoroughness::automatic;
    std::function<void(const std::string& doing, double done, double total)> progress;
};

// Reads the recordings of an export again: their hashes are those in it, and videos have the frames that its tables
// say, row by row. nullopt when stopped. An export that cannot be read gives no findings here: verify_export() has
// them.
std::optional<std::vector<Finding>> verify_media(const std::filesystem::path& folder, const MediaCheck& check,
                                                 const std::stop_token& stop);

}  // namespace storage
