#pragma once

#include <filesystem>
#include <memory>

#include "storage/media/depth_reader.h"

// Depth as MSR-Action3D was published: frames, columns and rows as little-endian int32, then
// each frame's rows of int32. The related MSR-DailyActivity3D layout, with bytes of skeleton
// ids after each row, is refused.
namespace storage {

// A file that is shorter or longer than its header says keeps its whole frames and has a
// problem; values that do not fit 16 bits are clamped and reported when their frame is read.
// Throws ReadError.
std::unique_ptr<DepthReader> open_msr_depth_bin(const std::filesystem::path& file);

// By the extension .bin and either a name with "depth" or a header that fits the length.
bool is_msr_depth_bin(const std::filesystem::path& file);

}  // namespace storage
