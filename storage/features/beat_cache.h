#pragma once

#include <filesystem>
#include <optional>
#include <string_view>
#include <vector>

namespace storage {

// Beats of sounds that were heard before, in seconds after the first sample, kept under <project>/cache/beats by the
// SHA-256 of the file and the stream within it. The folder may be deleted or read-only at any time: what cannot be
// read, is damaged or was written by another version is simply not there, and what cannot be written is not kept.
//
// Thread: any; files appear whole, by renaming.
class BeatCache {
public:
    explicit BeatCache(const std::filesystem::path& project) : folder_(project / "cache" / "beats") {}

    [[nodiscard]] std::optional<std::vector<double>> load(std::string_view sha256, int stream) const;
    void store(std::string_view sha256, int stream, const std::vector<double>& seconds) const;

private:
    [[nodiscard]] std::filesystem::path file_of(std::string_view sha256, int stream) const;

    std::filesystem::path folder_;
};

}  // namespace storage
