#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace storage {

enum class ByteOrder { little_endian, big_endian };

// The number that these bytes, at most 8, stand for in that order.
inline std::uint64_t number_from(std::string_view bytes, ByteOrder order) {
    std::uint64_t value = 0;
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        const char next = bytes[order == ByteOrder::big_endian ? i : bytes.size() - 1 - i];
        value = value << 8U | static_cast<unsigned char>(next);
    }
    return value;
}

}  // namespace storage
