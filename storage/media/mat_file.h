#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "storage/byte_order.h"

// The numeric matrices of a MATLAB file of versions 5 to 7.2, compressed or not ("MAT-File
// Format", MathWorks, chapter 1). libmatio reads more kinds of files, but takes whatever
// memory a damaged header asks for: one flipped byte cost 4 GiB and 12 seconds. Here every
// length is held against the file's first.
namespace storage {

// How numbers are stored, by the format's own codes.
enum class MatNumber : std::uint8_t {
    int8 = 1,
    uint8 = 2,
    int16 = 3,
    uint16 = 4,
    int32 = 5,
    uint32 = 6,
    float32 = 7,
    float64 = 9,
    int64 = 12,
    uint64 = 13
};

enum class MatPacking { plain, zlib };

struct MatMatrix {
    std::string name;
    std::vector<std::uint64_t> dimensions;  // their product is the number of values, checked
    MatNumber number = MatNumber::uint16;
    MatPacking packing = MatPacking::plain;
    ByteOrder order = ByteOrder::little_endian;
    std::uint64_t body_at = 0;     // in the file
    std::uint64_t body_bytes = 0;  // in the file
    std::uint64_t data_at = 0;     // in the body, after unpacking
    std::uint64_t data_bytes = 0;
};

// Every real numeric matrix, in the order of the file; other variables are passed over. Reads
// headers only. Throws ReadError.
std::vector<MatMatrix> matrices_in(const std::filesystem::path& file);

struct SixteenBitValues {
    std::vector<std::uint16_t> values;  // column by column
    std::size_t changed = 0;            // how many were out of range, fractions or NaN
};

// The matrix as 16-bit values: clamped, fractions cut, NaN as 0. Throws ReadError when the
// file is damaged.
SixteenBitValues read_matrix(const std::filesystem::path& file, const MatMatrix& matrix);
// The matrix as it is, column by column, NaN and all. Throws ReadError when the file is damaged.
std::vector<float> read_real_matrix(const std::filesystem::path& file, const MatMatrix& matrix);

}  // namespace storage
