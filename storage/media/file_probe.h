#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>

// What tells one kind of file from another without reading it whole. Nothing here throws
// for what a file is or holds.
namespace storage {

// Fewer bytes where the file is shorter, none where it cannot be read.
std::string first_bytes(const std::filesystem::path& file, std::size_t count);
std::string last_bytes(const std::filesystem::path& file, std::size_t count);
std::string lower_case(std::string_view text);  // of ASCII letters
// "walk.BVH" has the extension ".bvh".
bool has_extension(const std::filesystem::path& file, std::string_view lower_case_extension);

}  // namespace storage
