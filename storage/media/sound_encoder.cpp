#include "storage/media/sound_encoder.h"

#include <algorithm>
#include <array>
#include <stdexcept>
#include <string_view>

#include "storage/media/media_file.h"

namespace storage {

namespace {

constexpr int samples_of_a_free_frame = 1024;  // for codecs that do not prescribe it

std::string usual_codec(std::string_view container) {
    if (container == "webm") return "opus";
    if (container == "matroska") return "flac";
    if (container == "avi") return "pcm_s16le";
    return "aac";
}

const AVCodec& encoder_named(const std::string& name, const AVOutputFormat& container, const std::string& subject) {
    constexpr std::array<std::string_view, 4> known{"aac", "opus", "flac", "pcm_s16le"};
    if (std::ranges::find(known, name) == known.end())
        throw std::invalid_argument(subject + ": no sound codec is called " + name +
                                    "; there are aac opus flac pcm_s16le");
    const AVCodec* codec = avcodec_find_encoder_by_name(name == "opus" ? "libopus" : name.c_str());
    if (codec == nullptr) throw std::runtime_error(subject + ": this FFmpeg was built without an encoder for " + name);
    if (avformat_query_codec(&container, codec->id, FF_COMPLIANCE_NORMAL) == 0)
        throw std::invalid_argument(subject + ": " + container.name + " cannot hold " + name);
    return *codec;
}

}  // namespace

SoundEncoder::SoundEncoder(const VideoWriterOptions::Sound& options, const AVOutputFormat& container,
                           const std::string& subject) {
    const std::string name = options.codec.empty() ? usual_codec(container.name) : options.codec;
    const AVCodec& codec = encoder_named(name, container, subject);
    encoder_.reset(avcodec_alloc_context3(&codec));
    if (!encoder_) throw std::bad_alloc();
    encoder_->sample_rate = options.sample_rate;
    encoder_->sample_fmt = codec.sample_fmts[0];
    encoder_->time_base = {1, options.sample_rate};
    encoder_->thread_count = 1;
    encoder_->flags |= AV_CODEC_FLAG_BITEXACT;
    if ((container.flags & AVFMT_GLOBALHEADER) != 0) encoder_->flags |= AV_CODEC_FLAG_GLOBAL_HEADER;
    av_channel_layout_default(&encoder_->ch_layout, options.channels);
    const std::string kind =
        std::to_string(options.channels) + " channels at " + std::to_string(options.sample_rate) + " Hz";
    if (const int error = avcodec_open2(encoder_.get(), &codec, nullptr); error < 0)
        throw std::invalid_argument(subject + ": " + name + " does not take " + kind + ": " +
                                    words_of_ffmpeg_error(error));
    SwrContext* converter = nullptr;
    swr_alloc_set_opts2(&converter, &encoder_->ch_layout, encoder_->sample_fmt, encoder_->sample_rate,
                        &encoder_->ch_layout, AV_SAMPLE_FMT_FLT, encoder_->sample_rate, 0, nullptr);
    converter_.reset(converter);
    if (swr_init(converter_.get()) < 0) throw std::runtime_error(subject + ": " + kind + " cannot be converted");
}

void SoundEncoder::add(std::span<const float> samples) {
    pending_.insert(pending_.end(), samples.begin(), samples.end());
}

FramePtr SoundEncoder::next_frame(Rest rest) {
    const auto channels = static_cast<std::size_t>(encoder_->ch_layout.nb_channels);
    const int wanted = encoder_->frame_size > 0 ? encoder_->frame_size : samples_of_a_free_frame;
    const int there = static_cast<int>(std::min(pending_.size() / channels, static_cast<std::size_t>(wanted)));
    if (there == 0 || (there < wanted && rest == Rest::keep)) return nullptr;
    FramePtr frame(av_frame_alloc());
    if (!frame) throw std::bad_alloc();
    frame->nb_samples = there;
    frame->format = encoder_->sample_fmt;
    frame->sample_rate = encoder_->sample_rate;
    frame->pts = next_sample_;
    if (av_channel_layout_copy(&frame->ch_layout, &encoder_->ch_layout) < 0 || av_frame_get_buffer(frame.get(), 0) < 0)
        throw std::bad_alloc();
    std::array<const std::uint8_t*, 1> source{reinterpret_cast<const std::uint8_t*>(pending_.data())};
    swr_convert(converter_.get(), frame->data, there, source.data(), there);
    pending_.erase(pending_.begin(), pending_.begin() + static_cast<std::ptrdiff_t>(channels) * there);
    next_sample_ += there;
    return frame;
}

}  // namespace storage
