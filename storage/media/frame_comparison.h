#pragma once

#include <string>
#include <vector>

#include "schemas/frame.h"
#include "storage/media/video_index.h"

namespace storage {

// Compares a scan of a video with what was noted down about it: row i of the table with frame first + i. One sentence
// for each way in which they differ, with the first frame where they do; empty where all is equal.
std::vector<std::string> differences(const VideoIndex& scanned, const schemas::FrameTable& noted,
                                     schemas::FrameIndex first);

}  // namespace storage
