#pragma once

#include <filesystem>
#include <optional>
#include <stop_token>

#include "schemas/frame.h"
#include "storage/media/depth_reader.h"

namespace storage {

struct DepthVideoOptions {
    schemas::FrameRate rate;        // where the recording has no times of its own
    std::optional<DepthUnit> unit;  // instead of what the recording says
};

// Copies a recording into a Matroska video of FFV1 gray16, losslessly, each frame decodable on its own; unit and
// range go into its tags (depth_tags.h) and open_depth_video reads them back. Times are rounded to
// milliseconds, which is what Matroska counts in. Returns the range; nullopt when stopped. The file is whole or not
// there. Throws ReadError for the recording, std::runtime_error that names the file when it cannot be written, and
// std::invalid_argument where neither the recording nor the options give times.
std::optional<DepthRange> write_depth_video(DepthReader& recording, const std::filesystem::path& file,
                                            const DepthVideoOptions& options, std::stop_token stop = {});

}  // namespace storage
