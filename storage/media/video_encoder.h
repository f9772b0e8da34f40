#pragma once

#include <cstdint>
#include <string>

#include "storage/media/ffmpeg_ptr.h"
#include "storage/media/video_writer.h"

// The parts of VideoWriter that know the encoders: private to storage/media.
namespace storage {

// Ready to take frames with pts in `time_base`. Throws std::runtime_error when the encoder is not
// there or refuses, std::invalid_argument for options that no such video can have; both in words
// that begin with `subject`.
CodecPtr open_video_encoder(const VideoWriterOptions& options, const AVOutputFormat& container, AVRational time_base,
                            const std::string& subject);

// Makes encoder frames from pictures, by the matrix and range that the encoder was told.
//
// Thread: one at a time.
class FrameMaker {
public:
    explicit FrameMaker(const AVCodecContext& encoder);
    // Throw std::invalid_argument for a picture of another size or kind than the encoder takes.
    FramePtr frame_from(const schemas::Picture& picture);
    FramePtr frame_from(const DepthFrame& picture);

private:
    FramePtr blank(int width, int height, std::size_t values, std::size_t values_of_a_pixel) const;

    const AVCodecContext& encoder_;
    ScalerPtr scaler_;
};

}  // namespace storage
