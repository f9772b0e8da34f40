#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <vector>

#include "storage/media/video_index.h"

namespace storage {

// Which samples of the sound one packet gives.
struct PacketSamples {
    std::int64_t first = 0;    // its first one's place in the sound
    std::int32_t skipped = 0;  // decoded samples before that which are no part of the sound (priming)
    std::int32_t count = 0;
};

// The sound of one stream, found by decoding it once. Sample i is heard at start_seconds + i / sample_rate: where
// the container's time stamps leave a gap there is silence, and so there is where nothing could be decoded.
struct AudioIndex {
    int stream = 0;  // its place in the container, as FFmpeg and ffprobe count
    std::string codec;
    int sample_rate = 0;
    int channels = 0;
    std::int64_t samples = 0;            // of one channel
    double start_seconds = 0;            // of sample 0 on the container's clock, on which VideoIndex counts pts
    std::vector<std::string> problems;   // gaps, damage, a cut-off end …; at most a few dozen
    std::vector<IndexedPacket> packets;  // in decoding order
    std::vector<PacketSamples> sounds;   // of each packet

    [[nodiscard]] double duration_seconds() const { return static_cast<double>(samples) / sample_rate; }
};

struct AudioScanOptions {
    std::optional<int> stream;  // of the container; else the one FFmpeg calls best
};

// Gets the sound piece by piece, without gaps: interleaved, -1 … 1 and a little beyond.
using SoundSink = std::function<void(std::span<const float> samples, int sample_rate, int channels)>;

// Decodes a stream of sound from end to end; `sink` hears it on the way, so that peaks and onsets need no second
// reading. `progress` gets the share that is done. nullopt when stopped. Throws ReadError for what gives no sound.
//
// Thread: any.
std::optional<AudioIndex> scan_audio(const std::filesystem::path& file, const AudioScanOptions& options,
                                     const SoundSink& sink, const std::function<void(double share)>& progress,
                                     std::stop_token stop);

}  // namespace storage
