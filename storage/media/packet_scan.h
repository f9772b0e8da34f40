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

// What will come of a packet, as far as its head tells.
enum class PacketPromise : std::uint8_t { picture, field, nothing_shown, discarded, unclear };

// The packets of one stream, in decoding order, and what they say about themselves.
struct ScannedPackets {
    std::vector<IndexedPacket> packets;
    std::vector<std::int64_t> durations;  // ticks, 0 where not known; as long as `packets`
    std::vector<PacketPromise> promises;  // likewise; `discarded`: by an edit list of the container
    bool countable = false;               // the promises hold for this codec
    std::string end_problem;              // why reading ended before the end, in words
};

// Reads the rest of the file. `progress` gets the share that is done. nullopt when stopped.
std::optional<ScannedPackets> scan_packets(MediaFile& media, int stream,
                                           const std::function<void(double share)>& progress);

// How many packets at most come before one that is shown earlier; 0 where not every time is known.
int reorder_depth(const std::vector<IndexedPacket>& packets);

}  // namespace storage
