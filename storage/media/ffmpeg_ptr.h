#pragma once

extern "C" {
#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>
#include <libavutil/frame.h>
#include <libswresample/swresample.h>
#include <libswscale/swscale.h>
}

#include <memory>
#include <string>

// What FFmpeg's libraries allocate, freed when it goes out of scope.
namespace storage {

struct FreeFfmpeg {
    void operator()(AVCodecContext* context) const { avcodec_free_context(&context); }
    void operator()(AVFrame* frame) const { av_frame_free(&frame); }
    void operator()(AVPacket* packet) const { av_packet_free(&packet); }
    void operator()(SwsContext* context) const { sws_freeContext(context); }
    void operator()(SwrContext* context) const { swr_free(&context); }
};

using CodecPtr = std::unique_ptr<AVCodecContext, FreeFfmpeg>;
using FramePtr = std::unique_ptr<AVFrame, FreeFfmpeg>;
using PacketPtr = std::unique_ptr<AVPacket, FreeFfmpeg>;
using ScalerPtr = std::unique_ptr<SwsContext, FreeFfmpeg>;
using ResamplerPtr = std::unique_ptr<SwrContext, FreeFfmpeg>;

// "No space left on device"
inline std::string ffmpeg_words(int error) {
    char text[AV_ERROR_MAX_STRING_SIZE] = {};
    return av_strerror(error, text, sizeof text) == 0 ? text : "error " + std::to_string(error);
}

}  // namespace storage
