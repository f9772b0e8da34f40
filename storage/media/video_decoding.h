#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "storage/media/ffmpeg_ptr.h"
#include "storage/media/media_file.h"
#include "storage/media/packet_scan.h"

namespace storage {

struct ShownPicture {
    std::int64_t packet = 0;
    bool damaged = false;  // shown all the same, but the decoder says that it is not as it was meant
};

// What comes out of the decoder.
struct DecodedStream {
    std::vector<ShownPicture> shown;             // in the order of presentation
    std::map<std::int64_t, std::string> errors;  // of packets, in words
    FramePtr first;
};

// Decodes a stream from its beginning to its end. nullopt when stopped. Throws ReadError if no picture
// comes out.
std::optional<DecodedStream> decode_stream(const std::filesystem::path& file, int stream, const ScannedPackets& scanned,
                                           const MediaLimits& limits, const std::function<void(double share)>& progress,
                                           const std::stop_token& stop);

}  // namespace storage
