#pragma once

#include <cstdint>
#include <span>
#include <string>

namespace storage {

// The bytes of a NumPy .npy file, version 1.0, of little-endian float32 in C order with shape
// (rows, columns): https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html
// Throws std::invalid_argument unless there are rows x columns values.
std::string npy_from(std::span<const float> values, std::int64_t rows, std::int64_t columns);

}  // namespace storage
