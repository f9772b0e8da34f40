#pragma once

extern "C" {
#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>
#include <libavutil/frame.h>
#include <libswresample/swresample.h>
#include <libswscale/swscale.h>
}

#include <memory>
#include <new>

// Owners of what FFmpeg's C functions hand out, for all of storage/media.
namespace storage {

struct FreeFfmpeg {
    void operator()(AVFormatContext* context) const { avformat_close_input(&context); }
    void operator()(AVCodecContext* context) const { avcodec_free_context(&context); }
    void operator()(AVFrame* frame) const { av_frame_free(&frame); }
    void operator()(AVPacket* packet) const { av_packet_free(&packet); }
    void operator()(SwsContext* context) const { sws_freeContext(context); }
    void operator()(SwrContext* context) const { swr_free(&context); }
    void operator()(AVIOContext* context) const {
        av_freep(&context->buffer);
        avio_context_free(&context);
    }
};

// Of a file that is written: what is in it is not finished.
struct FreeOutput {
    void operator()(AVFormatContext* context) const {
        avio_closep(&context->pb);
        avformat_free_context(context);
    }
};

using OutputPtr = std::unique_ptr<AVFormatContext, FreeOutput>;
using InputPtr = std::unique_ptr<AVFormatContext, FreeFfmpeg>;
using CodecPtr = std::unique_ptr<AVCodecContext, FreeFfmpeg>;
using FramePtr = std::unique_ptr<AVFrame, FreeFfmpeg>;
using PacketPtr = std::unique_ptr<AVPacket, FreeFfmpeg>;
using ScalerPtr = std::unique_ptr<SwsContext, FreeFfmpeg>;
using ResamplerPtr = std::unique_ptr<SwrContext, FreeFfmpeg>;
using IoPtr = std::unique_ptr<AVIOContext, FreeFfmpeg>;

inline FramePtr new_frame() {
    if (AVFrame* frame = av_frame_alloc()) return FramePtr(frame);
    throw std::bad_alloc();
}

inline PacketPtr new_packet() {
    if (AVPacket* packet = av_packet_alloc()) return PacketPtr(packet);
    throw std::bad_alloc();
}

}  // namespace storage
