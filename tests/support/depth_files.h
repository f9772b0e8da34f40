#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

// Small depth recordings for tests, as bytes.
namespace tests {

std::string little_endian(std::vector<std::int32_t> values);
// A PNG picture of grey values, of 8 or 16 bits.
std::string grey_png(std::uint32_t width, std::uint32_t height, const std::vector<std::uint16_t>& values,
                     int bits = 16);

enum class MatCompression { none, zlib };
// A MATLAB file with one uint16 variable, its values column by column.
void write_mat(const std::filesystem::path& file, const std::string& variable, std::vector<std::size_t> dimensions,
               std::vector<std::uint16_t> values, MatCompression compression = MatCompression::zlib);
void write_mat(const std::filesystem::path& file, const std::string& variable, std::vector<std::size_t> dimensions,
               std::vector<double> values);

}  // namespace tests
