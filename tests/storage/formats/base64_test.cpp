#include "storage/formats/base64.h"

#include <doctest/doctest.h>

#include <random>
#include <stdexcept>

using storage::base64_from;
using storage::bytes_from_base64;

namespace {

std::vector<std::byte> bytes(std::string_view text) {
    std::vector<std::byte> result;
    for (const char each : text) result.push_back(static_cast<std::byte>(each));
    return result;
}

}  // namespace

TEST_CASE("the examples of RFC 4648 come out as there") {
    for (const auto& [plain, coded] : {std::pair{"", ""},
                                       {"f", "Zg=="},
                                       {"fo", "Zm8="},
                                       {"foo", "Zm9v"},
                                       {"foob", "Zm9vYg=="},
                                       {"fooba", "Zm9vYmE="},
                                       {"foobar", "Zm9vYmFy"}}) {
        CHECK(base64_from(bytes(plain)) == coded);
        CHECK(bytes_from_base64(coded) == bytes(plain));
    }
}

TEST_CASE("any bytes come back from base64") {
    std::mt19937 random(7);
    for (std::size_t length = 0; length < 200; ++length) {
        std::vector<std::byte> some(length);
        for (std::byte& each : some) each = static_cast<std::byte>(random() & 255U);
        REQUIRE(bytes_from_base64(base64_from(some)) == some);
    }
}

TEST_CASE("what is no base64 is refused") {
    for (const char* text : {"Zg", "Zg=", "Z", "Zm9v!", "Zm9vYg=", "Zm 9", "===="})
        CHECK_THROWS_AS(bytes_from_base64(text), std::invalid_argument);
}
