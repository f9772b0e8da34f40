#pragma once

#include <nlohmann/json.hpp>

#include <cstddef>
#include <filesystem>
#include <string_view>

#include "storage/text_file.h"

namespace storage {

// Deeper nesting is refused before it is parsed: real label files have five levels, and a hostile one
// would exhaust the stack of whoever walks it.
inline constexpr std::size_t deepest_json = 64;

// Throws ReadError with the line: not UTF-8 text, nested too deep, not JSON. A key that stands twice in
// one object is a problem; its last value counts.
nlohmann::json read_json(const std::filesystem::path& file, ProblemList& problems);

// The text of a value as it is written to a file: keys sorted, indented by one blank, one line end at
// the end, bytes that are not UTF-8 replaced by U+FFFD.
std::string json_text(const nlohmann::json& value);

}  // namespace storage
