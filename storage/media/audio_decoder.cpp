#include "storage/media/audio_decoder.h"

extern "C" {
#include <libavutil/channel_layout.h>
#include <libavutil/intreadwrite.h>
#include <libavutil/mathematics.h>
#include <libavutil/samplefmt.h>
}

#include <algorithm>

#include "storage/media/media_file.h"

namespace storage {

namespace {

constexpr int lowest_rate = 100, highest_rate = 768'000, most_channels = 64;

// Of which every sample counts alike, however the file names its speakers.
struct Layout {
    explicit Layout(int channels) { av_channel_layout_default(&native, channels); }
    ~Layout() { av_channel_layout_uninit(&native); }
    Layout(const Layout&) = delete;
    Layout& operator=(const Layout&) = delete;

    AVChannelLayout native{};
};

bool is_plausible(const AVFrame& frame) {
    return lowest_rate <= frame.sample_rate && frame.sample_rate <= highest_rate && 1 <= frame.ch_layout.nb_channels &&
           frame.ch_layout.nb_channels <= most_channels;
}

}  // namespace

AudioDecoder::AudioDecoder(const AVStream& stream, const std::string& file_name) {
    const AVCodec* codec = avcodec_find_decoder(stream.codecpar->codec_id);
    const std::string subject = file_name + ": sound stream " + std::to_string(stream.index) + " (" +
                                avcodec_get_name(stream.codecpar->codec_id) + ")";
    if (codec == nullptr) throw ReadError(subject + ": no decoder for it is installed.");
    context_.reset(avcodec_alloc_context3(codec));
    if (!context_) throw std::bad_alloc();
    int error = avcodec_parameters_to_context(context_.get(), stream.codecpar);
    context_->pkt_timebase = stream.time_base;
    context_->thread_count = 1;
    // What is to be skipped is noted in the index, so that it is skipped alike wherever decoding begins.
    context_->flags2 |= AV_CODEC_FLAG2_SKIP_MANUAL;
    if (error >= 0) error = avcodec_open2(context_.get(), codec, nullptr);
    if (error < 0) throw ReadError(subject + ": cannot be decoded: " + words_of_ffmpeg_error(error) + ".");
}

void AudioDecoder::set_format(int sample_rate, int channels) {
    sample_rate_ = sample_rate;
    channels_ = channels;
}

void AudioDecoder::flush() { avcodec_flush_buffers(context_.get()); }

DecodedSound AudioDecoder::decode(const AVPacket* packet) {
    DecodedSound sound;
    const int error = avcodec_send_packet(context_.get(), packet);
    if (error < 0 && error != AVERROR_EOF) sound.problem = words_of_ffmpeg_error(error);
    receive(sound);
    return sound;
}

void AudioDecoder::receive(DecodedSound& sound) {
    for (;;) {
        const int error = avcodec_receive_frame(context_.get(), frame_.get());
        if (error == AVERROR(EAGAIN) || error == AVERROR_EOF) return;
        if (error < 0) {
            sound.problem = words_of_ffmpeg_error(error);
            return;
        }
        append(*frame_, sound);
        av_frame_unref(frame_.get());
    }
}

void AudioDecoder::append(const AVFrame& frame, DecodedSound& sound) {
    if (frame.nb_samples <= 0) return;
    if (!is_plausible(frame)) {
        sound.problem = "a sample rate or number of channels that no sound has";
        return;
    }
    if (sample_rate_ == 0) set_format(frame.sample_rate, frame.ch_layout.nb_channels);
    if (!sound.pts && frame.best_effort_timestamp != AV_NOPTS_VALUE && sound.samples.empty())
        sound.pts = frame.best_effort_timestamp;
    const auto count = static_cast<std::size_t>(av_rescale(frame.nb_samples, sample_rate_, frame.sample_rate));
    const std::size_t before = sound.samples.size();
    if (frame.sample_rate != sample_rate_)
        sound.problem = "its sample rate changes to " + std::to_string(frame.sample_rate);
    else if (!convert(frame, sound.samples))
        sound.problem = "its channels cannot be mixed";
    sound.samples.resize(before + count * static_cast<std::size_t>(channels_));
    if ((frame.flags & AV_FRAME_FLAG_DISCARD) != 0) sound.skip_end += static_cast<int>(count);
    const AVFrameSideData* side = av_frame_get_side_data(&frame, AV_FRAME_DATA_SKIP_SAMPLES);
    if (side == nullptr || side->size < 10) return;
    const auto most = static_cast<std::uint32_t>(count);
    sound.skip_begin += static_cast<int>(std::min(AV_RL32(side->data), most));
    sound.skip_end += static_cast<int>(std::min(AV_RL32(side->data + 4), most));
}

bool AudioDecoder::convert(const AVFrame& frame, std::vector<float>& samples) {
    if (!prepare(frame)) return false;
    const auto width = static_cast<std::size_t>(channels_);
    const std::size_t before = samples.size();
    samples.resize(before + static_cast<std::size_t>(frame.nb_samples) * width);
    auto* target = reinterpret_cast<std::uint8_t*>(samples.data() + before);
    const auto** source = const_cast<const std::uint8_t**>(frame.extended_data);
    const int converted = swr_convert(converter_.get(), &target, frame.nb_samples, source, frame.nb_samples);
    for (std::size_t i = before; i < samples.size(); ++i)
        if (!(std::abs(samples[i]) < 1e6F)) samples[i] = 0;
    return converted == frame.nb_samples;
}

bool AudioDecoder::prepare(const AVFrame& frame) {
    const int channels = frame.ch_layout.nb_channels;
    if (converter_ && converted_format_ == frame.format && converted_channels_ == channels) return true;
    converter_.reset();
    Layout in(channels), out(channels_);
    SwrContext* made = nullptr;
    if (swr_alloc_set_opts2(&made, &out.native, AV_SAMPLE_FMT_FLT, sample_rate_, &in.native,
                            static_cast<AVSampleFormat>(frame.format), sample_rate_, 0, nullptr) < 0)
        return false;
    ResamplerPtr converter(made);
    if (swr_init(converter.get()) < 0) return false;
    converter_ = std::move(converter);
    converted_format_ = frame.format;
    converted_channels_ = channels;
    return true;
}

}  // namespace storage
