#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string_view>

#include "schemas/frame_measures.h"

namespace storage {

// Measures of videos that were measured before, kept under <project>/cache/measures by the SHA-256 of the file and
// the stream within it, so that checking a project decodes nothing twice. The folder may be deleted or read-only
// at any time: what cannot be read, is damaged or was written by another version is simply not there, and what
// cannot be written is not kept.
//
// Thread: any; files appear whole, by renaming.
class MediaMeasuresCache {
public:
    explicit MediaMeasuresCache(const std::filesystem::path& project) : folder_(project / "cache" / "measures") {}

    [[nodiscard]] std::optional<schemas::MediaMeasures> load(std::string_view sha256,
                                                             std::int64_t container_stream) const;
    void store(std::string_view sha256, std::int64_t container_stream, const schemas::MediaMeasures& measures) const;

private:
    [[nodiscard]] std::filesystem::path file_of(std::string_view sha256, std::int64_t container_stream) const;

    std::filesystem::path folder_;
};

}  // namespace storage
