#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "storage/media/ffmpeg_ptr.h"

namespace storage {

struct VideoDecoderOptions {
    int threads = 0;                               // 0: as many as there are cores
    std::int64_t most_pixels = 16384LL * 16384LL;  // of one picture
    int reorder_depth = 0;  // frames that are decoded before one that is shown earlier, where that is known
};

struct DecodedPicture {
    FramePtr native;
    std::int64_t packet = 0;  // the number of the packet that it came from
};

// FFmpeg's decoder of one stream, with pictures that know their packet: each packet's number travels
// through the decoder in the place of its presentation time, which every decoder hands on to the picture,
// also across frame threads and reordering.
//
// Thread: one at a time. Throws ReadError when there is no decoder or it refuses the stream.
class VideoDecoder {
public:
    VideoDecoder(const AVStream& stream, const std::string& file_name, const VideoDecoderOptions& options);

    // After each send(), receive() must be called until it gives nothing. False when the decoder refused
    // the packet; last_error() says why.
    bool send(const AVPacket& packet, std::int64_t number);
    // After it, receive() gives the pictures that were held back; then flush() makes a new start.
    void finish();
    std::optional<DecodedPicture> receive();
    void flush();

    // How many packets may go in before the picture of the first comes out.
    [[nodiscard]] int delay() const;
    // What went wrong since the last call, in words; empty if nothing did.
    [[nodiscard]] std::string take_error();
    [[nodiscard]] const AVCodecContext& context() const { return *context_; }

private:
    void note(int error);

    CodecPtr context_;
    PacketPtr packet_ = new_packet();
    FramePtr frame_ = new_frame();
    std::string error_;
};

// "1" of the container's tag means that a VP8 or VP9 stream has a second picture in each packet: alpha.
bool has_alpha_layer(const AVStream& stream);

}  // namespace storage
