#pragma once

#include <filesystem>
#include <memory>

#include "storage/media/depth_reader.h"

// Depth as a folder of 16-bit grey PNG pictures, in the order of the numbers in their names
// (2.png before 10.png). Other files in the folder are no part of it.
namespace storage {

// Looks at the head and the end of every picture. Pictures that are cut off, not 16-bit grey
// or of another size than the first are left out, each with a problem that names it.
// Throws ReadError.
std::unique_ptr<DepthReader> open_png_depth(const std::filesystem::path& folder);

// A folder whose first PNG picture is 16-bit grey.
bool is_png_depth(const std::filesystem::path& folder);

}  // namespace storage
