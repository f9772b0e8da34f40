#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

namespace storage {

// How many bytes a file says in its head that it has: Matroska of its segment, RIFF (AVI, WAV) of its form. nullopt
// where it does not say, as in a recording that was streamed, and in other containers.
//
// Thread: any. Throws nothing; a file that cannot be read says nothing.
std::optional<std::int64_t> declared_bytes(const std::filesystem::path& file);

// "it is cut off: it has 5 of 9 bytes"; empty where the file is as long as it says.
std::string cut_off_words(const std::filesystem::path& file, std::int64_t bytes);

}  // namespace storage
