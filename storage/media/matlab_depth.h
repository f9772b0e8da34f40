#pragma once

#include <filesystem>
#include <memory>

#include "storage/media/depth_reader.h"

// Depth as a MATLAB matrix rows x columns x frames: the variable `depth`, else the only
// numeric one of three dimensions whose pictures have at least 32 pixels on each side.
namespace storage {

// Reads the matrix's header; its content is decoded whole by the first frame(), since a
// compressed one can only be read from its beginning, and kept as 16-bit values. Values that
// do not fit are clamped, fractions cut, NaN is 0, and all three are reported then.
// Throws ReadError: a file that was cut off holds no usable matrix.
std::unique_ptr<DepthReader> open_matlab_depth(const std::filesystem::path& file);

// By the extension .mat and either a name with "depth" or such a matrix inside.
bool is_matlab_depth(const std::filesystem::path& file);

}  // namespace storage
