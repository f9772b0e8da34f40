#include "storage/formats/utf8.h"

namespace storage {
namespace {

// How many bytes a leading byte announces, and the bits of it that belong to the character.
struct Lead {
    std::size_t bytes;
    unsigned bits;
};

std::optional<Lead> lead_from(unsigned char byte) {
    if (byte < 0x80) return Lead{1, byte};
    if (0xC2 <= byte && byte < 0xE0) return Lead{2, byte & 0x1FU};
    if (0xE0 <= byte && byte < 0xF0) return Lead{3, byte & 0x0FU};
    if (0xF0 <= byte && byte < 0xF5) return Lead{4, byte & 0x07U};
    return std::nullopt;
}

bool is_allowed(char32_t code, std::size_t bytes) {
    if (bytes == 3) return code >= 0x800 && (code < 0xD800 || code > 0xDFFF);
    if (bytes == 4) return code >= 0x10000 && code <= 0x10FFFF;
    return true;
}

}  // namespace

std::optional<Utf8Character> first_character(std::string_view text) {
    const std::optional<Lead> lead = lead_from(static_cast<unsigned char>(text.front()));
    if (!lead || text.size() < lead->bytes) return std::nullopt;
    char32_t code = lead->bits;
    for (const char c : text.substr(1, lead->bytes - 1)) {
        const auto byte = static_cast<unsigned char>(c);
        if ((byte & 0xC0U) != 0x80U) return std::nullopt;
        code = (code << 6U) | (byte & 0x3FU);
    }
    if (!is_allowed(code, lead->bytes)) return std::nullopt;
    return Utf8Character{code, lead->bytes};
}

void append_utf8(std::string& text, char32_t code) {
    const auto tail = [code](unsigned shift) { return static_cast<char>(0x80U | ((code >> shift) & 0x3FU)); };
    if (code < 0x80) {
        text += static_cast<char>(code);
    } else if (code < 0x800) {
        text += {static_cast<char>(0xC0U | (code >> 6U)), tail(0)};
    } else if (code < 0x10000) {
        text += {static_cast<char>(0xE0U | (code >> 12U)), tail(6), tail(0)};
    } else {
        text += {static_cast<char>(0xF0U | (code >> 18U)), tail(12), tail(6), tail(0)};
    }
}

std::optional<std::size_t> first_invalid_utf8(std::string_view text) {
    for (std::size_t at = 0; at < text.size();) {
        const std::optional<Utf8Character> character = first_character(text.substr(at));
        if (!character) return at;
        at += character->bytes;
    }
    return std::nullopt;
}

bool is_white_space(char32_t code) {
    return (0x09 <= code && code <= 0x0D) || (0x1C <= code && code <= 0x20) || code == 0x85 || code == 0xA0 ||
           code == 0x1680 || (0x2000 <= code && code <= 0x200A) || code == 0x2028 || code == 0x2029 || code == 0x202F ||
           code == 0x205F || code == 0x3000;
}

}  // namespace storage
