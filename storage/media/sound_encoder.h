#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "storage/media/ffmpeg_ptr.h"
#include "storage/media/video_writer.h"

// The part of VideoWriter that encodes its sound: private to storage/media.
namespace storage {

// Cuts samples into the encoder's frames, with pts in samples.
//
// Thread: one at a time.
class SoundEncoder {
public:
    // Throws as open_video_encoder does.
    SoundEncoder(const VideoWriterOptions::Sound& options, const AVOutputFormat& container, const std::string& subject);

    [[nodiscard]] const AVCodecContext& context() const { return *encoder_; }
    [[nodiscard]] AVCodecContext& context() { return *encoder_; }

    void begin_at(std::int64_t sample) { next_sample_ = sample; }
    void add(std::span<const float> samples);
    // The next frame to encode; empty when there are not enough samples for one. At the end the
    // rest comes out, shorter than the others.
    enum class Rest { keep, take };
    FramePtr next_frame(Rest rest);

private:
    CodecPtr encoder_;
    ResamplerPtr converter_;
    std::vector<float> pending_;
    std::int64_t next_sample_ = 0;
};

}  // namespace storage
