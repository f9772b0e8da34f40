#include "storage/media/png_picture.h"

#include <png.h>

#include <stdexcept>

#include "storage/export/atomic_file.h"

namespace storage {

std::string png_from(const schemas::Picture& picture) {
    if (picture.width <= 0 || picture.height <= 0 ||
        picture.rgba.size() != 4 * static_cast<std::size_t>(picture.width) * static_cast<std::size_t>(picture.height))
        throw std::invalid_argument("a PNG file needs a picture of at least one pixel, with four bytes for each");
    png_image image{};
    image.version = PNG_IMAGE_VERSION;
    image.width = static_cast<png_uint_32>(picture.width);
    image.height = static_cast<png_uint_32>(picture.height);
    image.format = PNG_FORMAT_RGBA;
    png_alloc_size_t bytes = 0;
    std::string png;
    if (png_image_write_to_memory(&image, nullptr, &bytes, 0, picture.rgba.data(), 0, nullptr) != 0) {
        png.resize(bytes);
        if (png_image_write_to_memory(&image, png.data(), &bytes, 0, picture.rgba.data(), 0, nullptr) != 0) {
            png.resize(bytes);
            return png;
        }
    }
    throw std::invalid_argument(std::string("the picture cannot be written as PNG: ") + image.message);
}

void write_png(const schemas::Picture& picture, const std::filesystem::path& file) {
    write_file_atomically(file, png_from(picture));
}

}  // namespace storage
