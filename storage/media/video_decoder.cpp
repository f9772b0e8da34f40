#include "storage/media/video_decoder.h"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include "storage/media/media_file.h"
#include "storage/read_error.h"

namespace storage {

namespace {

const AVCodec* decoder_of(const AVStream& stream) {
    const AVCodecID id = stream.codecpar->codec_id;
    // FFmpeg's own VP8 and VP9 decoders leave the alpha layer out.
    if (has_alpha_layer(stream))
        if (const AVCodec* codec = avcodec_find_decoder_by_name(id == AV_CODEC_ID_VP9 ? "libvpx-vp9" : "libvpx"))
            return codec;
    return avcodec_find_decoder(id);
}

// Decoders that were seen to give the same pictures with frame threads after every seek. Theora's does not.
bool is_exact_with_frame_threads(AVCodecID codec) {
    static constexpr std::array exact{AV_CODEC_ID_H264, AV_CODEC_ID_HEVC,  AV_CODEC_ID_VP8,    AV_CODEC_ID_VP9,
                                      AV_CODEC_ID_FFV1, AV_CODEC_ID_MJPEG, AV_CODEC_ID_PRORES, AV_CODEC_ID_AV1};
    return std::ranges::find(exact, codec) != exact.end();
}

}  // namespace

bool has_alpha_layer(const AVStream& stream) {
    const AVCodecID id = stream.codecpar->codec_id;
    if (id != AV_CODEC_ID_VP8 && id != AV_CODEC_ID_VP9) return false;
    const AVDictionaryEntry* tag = av_dict_get(stream.metadata, "alpha_mode", nullptr, 0);
    return tag != nullptr && std::string_view(tag->value) == "1";
}

VideoDecoder::VideoDecoder(const AVStream& stream, const std::string& file_name, const VideoDecoderOptions& options) {
    const AVCodec* codec = decoder_of(stream);
    if (codec == nullptr)
        throw ReadError(file_name + ": no decoder is installed for its pictures (" +
                        avcodec_get_name(stream.codecpar->codec_id) + ").");
    context_.reset(avcodec_alloc_context3(codec));
    if (!context_) throw std::bad_alloc();
    int error = avcodec_parameters_to_context(context_.get(), stream.codecpar);
    context_->thread_count = options.threads;
    if (!is_exact_with_frame_threads(codec->id)) context_->thread_type = FF_THREAD_SLICE;
    context_->max_pixels = options.most_pixels;
    // Where an H.264 stream does not say its own, the decoder drops the frames that surprise it.
    context_->has_b_frames = std::max(context_->has_b_frames, options.reorder_depth);
    if (error >= 0) error = avcodec_open2(context_.get(), codec, nullptr);
    if (error < 0)
        throw ReadError(file_name + ": its pictures (" + codec->name +
                        ") cannot be decoded: " + words_of_ffmpeg_error(error) + ".");
}

bool VideoDecoder::send(const AVPacket& packet, std::int64_t number) {
    av_packet_unref(packet_.get());
    if (av_packet_ref(packet_.get(), &packet) < 0) throw std::bad_alloc();
    packet_->pts = packet_->dts = number;
    const int error = avcodec_send_packet(context_.get(), packet_.get());
    note(error);
    return error >= 0;
}

void VideoDecoder::finish() { note(avcodec_send_packet(context_.get(), nullptr)); }

std::optional<DecodedPicture> VideoDecoder::receive() {
    // A damaged packet makes one call fail; the pictures behind it are still to come.
    for (int failures = 0; failures < 64; ++failures) {
        const int error = avcodec_receive_frame(context_.get(), frame_.get());
        if (error == AVERROR(EAGAIN) || error == AVERROR_EOF) return std::nullopt;
        if (error >= 0) {
            DecodedPicture picture{new_frame(), frame_->pts};
            av_frame_move_ref(picture.native.get(), frame_.get());
            return picture;
        }
        note(error);
    }
    return std::nullopt;
}

void VideoDecoder::flush() { avcodec_flush_buffers(context_.get()); }

int VideoDecoder::delay() const {
    const bool frame_threads = (context_->active_thread_type & FF_THREAD_FRAME) != 0;
    return context_->has_b_frames + (frame_threads ? context_->thread_count : 0);
}

std::string VideoDecoder::take_error() { return std::exchange(error_, {}); }

void VideoDecoder::note(int error) {
    if (error < 0 && error != AVERROR(EAGAIN) && error != AVERROR_EOF && error_.empty())
        error_ = words_of_ffmpeg_error(error);
}

}  // namespace storage
