#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string_view>

#include "storage/media/video_index.h"

namespace storage {

// Indexes of videos that were scanned before, kept under <project>/cache/index by the SHA-256 of the file and the
// stream within it, so that opening a project scans nothing. The folder may be deleted or read-only at any time:
// what cannot be read, is damaged or was written by another version is simply not there, and what cannot be written
// is not kept.
//
// Thread: any; files appear whole, by renaming.
class VideoIndexCache {
public:
    explicit VideoIndexCache(const std::filesystem::path& project) : folder_(project / "cache" / "index") {}

    [[nodiscard]] std::optional<VideoIndex> load(std::string_view sha256, std::int64_t container_stream) const;
    // Under the hash and the stream that the index names.
    void store(const VideoIndex& index) const;

private:
    [[nodiscard]] std::filesystem::path file_of(std::string_view sha256, std::int64_t container_stream) const;

    std::filesystem::path folder_;
};

}  // namespace storage
