#pragma once

#include <filesystem>

namespace storage {

// Writes the video of an MP4 file `times` over, each after the one before, as MP4. Nothing is decoded or
// encoded, so that hours are made within seconds. Every piece must begin with a key frame and be of
// closed groups. Throws ReadError for the piece, std::runtime_error for the target.
void repeat_video(const std::filesystem::path& piece, const std::filesystem::path& target, int times);

}  // namespace storage
