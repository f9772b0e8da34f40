#pragma once

#include <cstdint>
#include <optional>
#include <stop_token>
#include <vector>

#include "annotator/playback/playback.h"

namespace annotator {

struct PlayForOptions {
    double seconds = 10;        // of the clock, or until the end
    int longest_side = 640;     // of the pictures that are made for the views
    double display_hertz = 60;  // how often there is a picture on the screen
    int decoder_threads = 1;    // of each video
};

struct PlaybackReport {
    double seconds = 0;                  // that were played
    std::vector<PlaybackCounts> videos;  // as they were given
    std::int64_t ticks = 0;              // pictures on the screen
    double worst_tick_seconds = 0;       // from when a picture was due until it was drawn
};

// Plays videos together in real time, as an editor does, but for the screen and the ears: pictures of the size of the
// views at each tick, and a silent sound device as the clock where there is sound. The first video is the
// reference. nullopt when stopped. Throws std::runtime_error when the first frames do not come within 30 s.
std::optional<PlaybackReport> play_for(const std::vector<PlayedVideo>& videos, const std::optional<SoundTrack>& sound,
                                       const PlayForOptions& options, std::stop_token stop);

}  // namespace annotator
