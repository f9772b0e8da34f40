#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "storage/media/depth_reader.h"

// Depth as a video of one grey component of more than 8 bits: FFV1 or PNG in Matroska, MOV or AVI, and whatever else
// FFmpeg decodes to 9 to 16 bits of grey. Values are what the decoder gives, never scaled to 16 bits; the picture
// is as stored, without rotation.
namespace storage {

// Scans the whole video, so that frame i is exactly the i-th that decodes. Unit and range are those of
// depth_tags.h. Throws ReadError.
std::unique_ptr<DepthReader> open_depth_video(const std::filesystem::path& file);

// Whether a video stored as that pixel format, in FFmpeg's words ("gray16le"), is depth.
bool is_depth_pixel_format(const std::string& name);

// By content: a media file whose best video stream is such a one.
bool is_depth_video(const std::filesystem::path& file);

}  // namespace storage
