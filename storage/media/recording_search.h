#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "storage/media/recording_hash.h"

namespace storage {

// Finds recordings that were moved or renamed, by their content, below a folder.
//
// Thread: one. Throws ReadError for a folder that cannot be read.
class RecordingSearch {
public:
    explicit RecordingSearch(const std::filesystem::path& folder);

    // A recording with that hash: first those of the same name as `stored_path`, then all others with its extension.
    // Each file is hashed once at most. nullopt where there is none, or when stopped.
    [[nodiscard]] std::optional<std::filesystem::path> find(const std::string& stored_path, const std::string& sha256,
                                                            const BytesRead& progress, const std::stop_token& stop);

    // A recording of that name, whatever it holds.
    [[nodiscard]] std::optional<std::filesystem::path> named(const std::filesystem::path& name) const;

private:
    [[nodiscard]] bool matches(const std::filesystem::path& candidate, const std::string& sha256,
                               const BytesRead& progress, const std::stop_token& stop);

    std::vector<std::filesystem::path> entries_;
    std::map<std::filesystem::path, std::string> hashes_;
};

}  // namespace storage
