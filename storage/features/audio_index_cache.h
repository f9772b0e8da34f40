#pragma once

#include <filesystem>
#include <optional>
#include <string_view>

#include "storage/media/audio_index.h"

namespace storage {

// Indexes of sounds that were scanned before, kept under <project>/cache/sound by the SHA-256 of the file and the
// stream within it, so that a sound is read without decoding all of it first. The folder may be deleted or read-only at
// any time: what cannot be read, is damaged or was written by another version is simply not there, and what cannot be
// written is not kept.
//
// Thread: any; files appear whole, by renaming.
class AudioIndexCache {
public:
    explicit AudioIndexCache(const std::filesystem::path& project) : folder_(project / "cache" / "sound") {}

    [[nodiscard]] std::optional<AudioIndex> load(std::string_view sha256, int stream) const;
    // Under the stream that the index names.
    void store(std::string_view sha256, const AudioIndex& index) const;

private:
    [[nodiscard]] std::filesystem::path file_of(std::string_view sha256, int stream) const;

    std::filesystem::path folder_;
};

}  // namespace storage
