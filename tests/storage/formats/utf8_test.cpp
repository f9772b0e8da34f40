#include "storage/formats/utf8.h"

#include <doctest/doctest.h>

using namespace storage;

TEST_CASE("every character of Unicode is written as it is read") {
    for (char32_t code = 1; code <= 0x10FFFF; ++code) {
        if (code >= 0xD800 && code <= 0xDFFF) continue;
        std::string text;
        append_utf8(text, code);
        const auto read = first_character(text);
        if (!read || read->code != code || read->bytes != text.size()) FAIL(code);
    }
    std::string text = "à";
    append_utf8(text, U'舞');
    CHECK(text == "à舞");
}
