#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "storage/media/ffmpeg_ptr.h"
#include "storage/media/packet_scan.h"
#include "storage/media/packet_source.h"

namespace storage {

struct ShownPicture {
    std::int64_t packet = 0;
    bool damaged = false;  // shown all the same, but the decoder says that it is not as it was meant
    int width = 0;         // as stored
    int height = 0;
};

// What comes out of the decoder.
struct DecodedPackets {
    std::vector<ShownPicture> shown;             // in the order of presentation
    std::map<std::int64_t, std::string> errors;  // by the packet that was given when it turned up, in words
    FramePtr first;                              // the first picture
    int delay = 0;                               // an error turns up so many packets late at most
};

// Decodes the packets [begin, end). nullopt when stopped.
std::optional<DecodedPackets> decode_packets(PacketSource& source, const ScannedPackets& scanned, std::int64_t begin,
                                             std::int64_t end, const MediaLimits& limits,
                                             const std::function<void(double share)>& progress);

}  // namespace storage
