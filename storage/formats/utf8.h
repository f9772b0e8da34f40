#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace storage {

// One character of UTF-8 text and how many bytes it takes.
struct Utf8Character {
    char32_t code = 0;
    std::size_t bytes = 0;
};

// The first character of `text`, which must not be empty; nullopt if it is not well-formed
// (RFC 3629: no overlong forms, no surrogates, nothing above U+10FFFF).
std::optional<Utf8Character> first_character(std::string_view text);

// `code` must be a character of Unicode.
void append_utf8(std::string& text, char32_t code);

// Where `text` stops being UTF-8; nullopt if it never does.
std::optional<std::size_t> first_invalid_utf8(std::string_view text);

// What Python's str.split() parts at: the white space of all scripts.
bool is_white_space(char32_t code);

}  // namespace storage
