#pragma once

#include <string_view>

// How what a person types finds a name: upper and lower case of ASCII are alike.
namespace annotator {

constexpr char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

// Whether the name has the text in it, or begins with it; every name does with an empty text.
bool has_text(std::string_view name, std::string_view text);
bool begins_with_text(std::string_view name, std::string_view text);

}  // namespace annotator
