#include "storage/formats/npy.h"

#include <bit>
#include <cstddef>
#include <stdexcept>
#include <string_view>

namespace storage {

static_assert(std::endian::native == std::endian::little, "the values are written as they lie in memory");

std::string npy_from(std::span<const float> values, std::int64_t rows, std::int64_t columns) {
    if (rows < 0 || columns < 0 || (rows > 0 && static_cast<std::int64_t>(values.size()) / rows != columns) ||
        static_cast<std::int64_t>(values.size()) != rows * columns)
        throw std::invalid_argument("features: " + std::to_string(values.size()) + " values do not fill " +
                                    std::to_string(rows) + " x " + std::to_string(columns));
    std::string header = "{'descr': '<f4', 'fortran_order': False, 'shape': (" + std::to_string(rows) + ", " +
                         std::to_string(columns) + "), }";
    constexpr std::size_t prefix = 10;  // magic, version, length
    while ((prefix + header.size() + 1) % 64 != 0) header += ' ';
    header += '\n';

    std::string bytes("\x93NUMPY\x01\x00", 8);
    bytes += static_cast<char>(header.size() & 0xFFU);
    bytes += static_cast<char>(header.size() >> 8U);
    bytes += header;
    const std::span<const std::byte> data = std::as_bytes(values);
    bytes.append(reinterpret_cast<const char*>(data.data()), data.size());
    return bytes;
}

}  // namespace storage
