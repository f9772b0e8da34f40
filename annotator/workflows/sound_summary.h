#pragma once

#include <filesystem>
#include <optional>
#include <vector>

#include "annotator/jobs/job_context.h"
#include "inference/beats.h"
#include "schemas/frame.h"
#include "storage/media/audio_index.h"
#include "storage/media/video_index.h"
#include "storage/media/waveform.h"

namespace annotator {

// What there is to say about the sound of a recording.
struct SoundSummary {
    storage::AudioIndex index;
    storage::Waveform waveform;
    inference::Beats beats;  // seconds from the first sample on
    // Of each beat: the frame of the file's best video whose time is nearest; none where there is no picture then.
    // Empty if the file has no video.
    std::vector<std::optional<schemas::FrameIndex>> beat_frames;
};

// Reads the sound once and leaves the beats' frames out. nullopt when stopped. Throws ReadError for what gives no
// sound.
std::optional<SoundSummary> listen_to(const std::filesystem::path& file, std::optional<int> stream,
                                      const JobContext& job);

// Reads the sound once, and the index of the video. nullopt when stopped. Throws ReadError for what gives no sound.
std::optional<SoundSummary> summarise_sound(const std::filesystem::path& file, std::optional<int> stream,
                                            const JobContext& job);

// The frame nearest to a moment on the container's clock, by its time stamps; nullopt more than half a frame before the
// first frame or after the last.
std::optional<schemas::FrameIndex> frame_from_container_seconds(const storage::VideoIndex& video, double seconds);

}  // namespace annotator
