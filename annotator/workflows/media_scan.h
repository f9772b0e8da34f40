#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <stop_token>
#include <vector>

#include "annotator/workflows/recording_scan.h"
#include "storage/features/video_index_cache.h"

namespace annotator {

// What a media file holds: a recording for each stream of video, depth or sound that gives frames.
struct MediaScan {
    std::vector<ScannedRecording> recordings;  // in the order of the container
    std::vector<LeftOut> left_out;             // streams that give none
};

// Reads every stream to its end, cover pictures aside; grey video of 16 bits is depth. Indexes are left in the cache.
// nullopt when stopped. Throws storage::ReadError for a file that is no media or holds nothing to read.
std::optional<MediaScan> scan_media(const std::filesystem::path& file, const storage::VideoIndexCache& cache,
                                    storage::ScanOptions::Thoroughness thoroughness,
                                    const std::function<void(double share)>& progress, const std::stop_token& stop);

}  // namespace annotator
