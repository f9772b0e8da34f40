#pragma once

#include <cstddef>
#include <filesystem>
#include <memory>
#include <stop_token>

#include "annotator/workflows/synth/choreography.h"
#include "annotator/workflows/synth/sound.h"
#include "schemas/frame.h"
#include "schemas/skeleton.h"

namespace annotator::synth {

struct TakeVideo {
    int width = 640;
    int height = 480;
    schemas::FrameRate rate{static_cast<std::int64_t>(frames_per_second), 1};
    std::size_t costume = 0;
    ClickTrack clicks;
};

// A whole take as H.264 and AAC in MP4: what happens between the take's own frames is danced, not
// interpolated, and each frame has its number painted in (frame_number.h). False when stopped
// half-way. Throws what VideoWriter throws.
bool write_take_video(const std::filesystem::path& file, const TakeVideo& video, const Score& score,
                      const std::shared_ptr<const schemas::SkeletonLayout>& layout, const std::stop_token& stop);

// How long the video is shown.
double seconds_of(const Score& score);

}  // namespace annotator::synth
