#pragma once

#include <filesystem>
#include <optional>
#include <string_view>

#include "storage/skeleton/skeleton_recording.h"

namespace storage {

// Recordings that were read before, kept under <project>/cache/skeleton by the SHA-256 (in
// hexadecimal) of the file that they were read from, so that opening a project parses no
// text. The folder may be deleted or read-only at any time: whatever cannot be read, is
// damaged or was written by another version is simply not there, and what cannot be
// written is not kept.
//
// Thread: any; files appear whole, by renaming.
class SkeletonCache {
public:
    explicit SkeletonCache(const std::filesystem::path& project) : folder_(project / "cache" / "skeleton") {}

    [[nodiscard]] std::optional<SkeletonRecording> load(std::string_view sha256) const;
    void store(std::string_view sha256, const SkeletonRecording& recording) const;

private:
    [[nodiscard]] std::filesystem::path file_of(std::string_view sha256) const;

    std::filesystem::path folder_;
};

}  // namespace storage
