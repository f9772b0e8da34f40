#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <stop_token>
#include <string>

namespace storage {

using BytesRead = std::function<void(std::uintmax_t)>;

// What a recording is known by: of a file its SHA-256, of a folder of pictures that of its pictures' names and hashes.
// nullopt when stopped. Throws ReadError.
std::optional<std::string> recording_hash(const std::filesystem::path& recording, const BytesRead& progress,
                                          const std::stop_token& stop);

// The size of the file, or of the files in the folder together; 0 where it cannot be told.
std::uintmax_t recording_bytes(const std::filesystem::path& recording);

}  // namespace storage
