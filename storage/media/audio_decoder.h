#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "storage/media/ffmpeg_ptr.h"

namespace storage {

// What one packet gave.
struct DecodedSound {
    std::vector<float> samples;       // interleaved, in the decoder's number of channels
    std::optional<std::int64_t> pts;  // of the first of them, ticks of the stream
    int skip_begin = 0;               // samples of a channel that the container or codec says are no part of it
    int skip_end = 0;
    std::string problem;  // in words; empty if nothing went wrong
};

// FFmpeg's decoder of one stream of sound. Everything comes out at the rate and in the channels of the first
// frame: other channels are mixed, frames of another rate are silence of the same length.
//
// Thread: one at a time. Throws ReadError when there is no decoder or it refuses the stream.
class AudioDecoder {
public:
    AudioDecoder(const AVStream& stream, const std::string& file_name);

    // nullptr drains what is held back; then only flush() helps.
    DecodedSound decode(const AVPacket* packet);
    void flush();  // for another place in the file

    // 0 until something was decoded, unless they were given.
    [[nodiscard]] int sample_rate() const { return sample_rate_; }
    [[nodiscard]] int channels() const { return channels_; }
    void set_format(int sample_rate, int channels);

private:
    void receive(DecodedSound& sound);
    void append(const AVFrame& frame, DecodedSound& sound);
    bool convert(const AVFrame& frame, std::vector<float>& samples);
    bool prepare(const AVFrame& frame);

    CodecPtr context_;
    FramePtr frame_ = new_frame();
    ResamplerPtr converter_;
    int converted_format_ = -1, converted_channels_ = 0;  // of the frames that converter_ takes
    int sample_rate_ = 0, channels_ = 0;
};

}  // namespace storage
