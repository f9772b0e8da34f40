#include "tests/support/depth_files.h"

#include <matio.h>
#include <png.h>

#include <memory>
#include <stdexcept>

namespace tests {

namespace {

void write_variable(const std::filesystem::path& file, const std::string& variable, std::vector<std::size_t> dimensions,
                    matio_classes class_type, matio_types type, void* values, matio_compression compression) {
    const std::unique_ptr<mat_t, int (*)(mat_t*)> mat(Mat_CreateVer(file.string().c_str(), nullptr, MAT_FT_MAT5),
                                                      Mat_Close);
    const std::unique_ptr<matvar_t, void (*)(matvar_t*)> made(
        Mat_VarCreate(variable.c_str(), class_type, type, static_cast<int>(dimensions.size()), dimensions.data(),
                      values, 0),
        Mat_VarFree);
    if (!mat || !made || Mat_VarWrite(mat.get(), made.get(), compression) != 0)
        throw std::runtime_error(file.string() + " cannot be written.");
}

}  // namespace

std::string little_endian(std::vector<std::int32_t> values) {
    std::string bytes;
    for (const std::int32_t value : values)
        for (int byte = 0; byte < 4; ++byte)
            bytes += static_cast<char>(static_cast<std::uint32_t>(value) >> (8 * byte));
    return bytes;
}

std::string grey_png(std::uint32_t width, std::uint32_t height, const std::vector<std::uint16_t>& values, int bits) {
    std::string bytes;
    png_structp png = png_create_write_struct(PNG_LIBPNG_VER_STRING, nullptr, nullptr, nullptr);
    png_infop info = png_create_info_struct(png);
    png_set_write_fn(
        png, &bytes,
        [](png_structp writer, png_bytep data, png_size_t size) {
            static_cast<std::string*>(png_get_io_ptr(writer))->append(reinterpret_cast<const char*>(data), size);
        },
        nullptr);
    png_set_IHDR(png, info, width, height, bits, PNG_COLOR_TYPE_GRAY, PNG_INTERLACE_NONE, PNG_COMPRESSION_TYPE_DEFAULT,
                 PNG_FILTER_TYPE_DEFAULT);
    png_write_info(png, info);
    for (std::uint32_t row = 0; row < height; ++row) {
        std::string line;
        for (std::uint32_t column = 0; column < width; ++column) {
            const std::uint16_t value = values.at(row * width + column);
            if (bits == 16) line += static_cast<char>(value >> 8);
            line += static_cast<char>(value & 0xFF);
        }
        png_write_row(png, reinterpret_cast<png_const_bytep>(line.data()));
    }
    png_write_end(png, nullptr);
    png_destroy_write_struct(&png, &info);
    return bytes;
}

void write_mat(const std::filesystem::path& file, const std::string& variable, std::vector<std::size_t> dimensions,
               std::vector<std::uint16_t> values, MatCompression compression) {
    write_variable(file, variable, std::move(dimensions), MAT_C_UINT16, MAT_T_UINT16, values.data(),
                   compression == MatCompression::zlib ? MAT_COMPRESSION_ZLIB : MAT_COMPRESSION_NONE);
}

void write_mat(const std::filesystem::path& file, const std::string& variable, std::vector<std::size_t> dimensions,
               std::vector<double> values) {
    write_variable(file, variable, std::move(dimensions), MAT_C_DOUBLE, MAT_T_DOUBLE, values.data(),
                   MAT_COMPRESSION_NONE);
}

}  // namespace tests
