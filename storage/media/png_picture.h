#pragma once

#include <filesystem>
#include <string>

#include "schemas/picture.h"

namespace storage {

// The bytes of a PNG file with 8 bits of red, green, blue and alpha. Throws std::invalid_argument for a picture
// without pixels or with another number of bytes than its size says.
std::string png_from(const schemas::Picture& picture);

// As a whole or not at all. Throws WriteError (storage/export/atomic_file.h).
void write_png(const schemas::Picture& picture, const std::filesystem::path& file);

}  // namespace storage
