#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

// RFC 4648, with padding and without line breaks.
namespace storage {

std::string base64_from(std::span<const std::byte> bytes);
// Throws std::invalid_argument for what is no base64.
std::vector<std::byte> bytes_from_base64(std::string_view text);

}  // namespace storage
