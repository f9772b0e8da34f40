#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "storage/media/media_file.h"
#include "storage/media/video_index.h"

namespace storage {

// The packets of one stream, in decoding order, and what they say about themselves.
struct ScannedPackets {
    std::vector<IndexedPacket> packets;
    std::vector<std::int64_t> durations;  // ticks, 0 where not known; as long as `packets`
    std::vector<bool> unshown;            // the container discards the picture (an edit list)
    std::string end_problem;              // why reading ended before the end, in words
};

// Reads the rest of the file. `progress` gets the share that is done. nullopt when stopped.
std::optional<ScannedPackets> scan_packets(MediaFile& media, int stream,
                                           const std::function<void(double share)>& progress);

}  // namespace storage
