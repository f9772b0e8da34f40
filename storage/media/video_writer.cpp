#include "storage/media/video_writer.h"

extern "C" {
#include <libavutil/display.h>
}

#include <cstring>
#include <limits>
#include <map>
#include <numeric>
#include <stdexcept>
#include <string_view>
#include <utility>

#include "storage/media/media_file.h"
#include "storage/media/sound_encoder.h"
#include "storage/media/video_encoder.h"

namespace storage {

namespace {

// ISO base media, the only family whose edit lists can shift and hide frames.
bool has_edit_list(const AVOutputFormat& container) {
    const std::string_view name = container.name;
    return name == "mp4" || name == "mov";
}

AVRational ratio_of(std::int64_t numerator, std::int64_t denominator, const std::string& subject) {
    int reduced_numerator = 0, reduced_denominator = 0;
    if (numerator <= 0 || denominator <= 0 ||
        av_reduce(&reduced_numerator, &reduced_denominator, numerator, denominator, std::numeric_limits<int>::max()) ==
            0)
        throw std::invalid_argument(subject + ": times of " + std::to_string(numerator) + "/" +
                                    std::to_string(denominator) + " of a second cannot be written");
    return {reduced_numerator, reduced_denominator};
}

std::string text_of(AVRational seconds) { return std::to_string(seconds.num) + "/" + std::to_string(seconds.den); }

// The ticks that the container counts in.
AVRational container_time_base(const AVOutputFormat& container, const VideoWriterOptions& options,
                               const std::string& subject) {
    const std::string_view name = container.name;
    if (name == "matroska" || name == "webm") return {1, 1000};
    if (name == "mpegts") return {1, 90000};
    if (name == "avi") {
        if (!options.declared_rate)
            throw std::invalid_argument(subject + ": AVI holds frames at a constant rate only, so it must be declared");
        return ratio_of(options.declared_rate->denominator, options.declared_rate->numerator, subject);
    }
    const AVRational given = ratio_of(options.time_base_numerator, options.time_base_denominator, subject);
    return has_edit_list(container) ? AVRational{1, given.den} : given;
}

// MPEG-4 part 2 writes times into the pictures, in at most 65535ths of a second.
AVRational encoder_time_base(const VideoWriterOptions& options, AVRational stream, const std::string& subject) {
    if (options.codec != "mpeg4") return stream;
    const AVRational ticks =
        options.declared_rate ? ratio_of(options.declared_rate->denominator, options.declared_rate->numerator, subject)
                              : stream;
    if (ticks.den > 65535)
        throw std::invalid_argument(subject + ": MPEG-4 cannot count in " + text_of(ticks) +
                                    " of a second; declare a frame rate");
    return ticks;
}

// nullopt where it would have to be rounded.
std::optional<std::int64_t> exactly(std::int64_t ticks, AVRational from, AVRational to) {
    const __int128 numerator = static_cast<__int128>(ticks) * from.num * to.den;
    const __int128 denominator = static_cast<__int128>(from.den) * to.num;
    const __int128 result = numerator / denominator;
    if (numerator % denominator != 0 || result > std::numeric_limits<std::int64_t>::max() / 2 ||
        result < std::numeric_limits<std::int64_t>::min() / 2)
        return std::nullopt;
    return static_cast<std::int64_t>(result);
}

void note_rotation(AVStream& stream, int degrees_clockwise) {
    constexpr std::size_t bytes = 9 * sizeof(std::int32_t);
#if LIBAVFORMAT_VERSION_MAJOR >= 61
    AVPacketSideData* data = av_packet_side_data_new(
        &stream.codecpar->coded_side_data, &stream.codecpar->nb_coded_side_data, AV_PKT_DATA_DISPLAYMATRIX, bytes, 0);
    std::uint8_t* matrix = data == nullptr ? nullptr : data->data;
#else
    std::uint8_t* matrix = av_stream_new_side_data(&stream, AV_PKT_DATA_DISPLAYMATRIX, bytes);
#endif
    if (matrix == nullptr) throw std::bad_alloc();
    av_display_rotation_set(reinterpret_cast<std::int32_t*>(matrix), degrees_clockwise);
}

}  // namespace

class VideoWriter::Encoding {
public:
    Encoding(const std::filesystem::path& file, const VideoWriterOptions& options);

    FrameMaker& frames() { return *frames_; }
    void add(FramePtr frame, std::int64_t pts);
    void add_sound(std::span<const float> samples);
    void close();

private:
    void make_output(const std::filesystem::path& file);
    void make_streams();
    void write_header();
    [[nodiscard]] std::int64_t checked(std::int64_t pts) const;
    void encode_held(std::int64_t duration);
    void encode_sound(SoundEncoder::Rest rest);
    void encode(AVCodecContext& encoder, const AVFrame* frame, int stream);
    void write(AVPacket& packet, AVRational time_base, int stream);
    [[noreturn]] void fail(const std::string& what, int error) const {
        throw std::runtime_error(subject_ + ": " + what + ": " + words_of_ffmpeg_error(error));
    }

    std::string subject_;
    VideoWriterOptions options_;
    AVRational given_{};   // of the pts that add() gets
    AVRational stream_{};  // of the container
    OutputPtr output_;
    CodecPtr encoder_;
    std::unique_ptr<FrameMaker> frames_;
    std::unique_ptr<SoundEncoder> sound_;
    PacketPtr packet_ = new_packet();
    FramePtr held_;              // until the next one tells how long it lasts; its pts in encoder ticks
    std::int64_t last_pts_ = 0;  // in the ticks given
    std::int64_t added_ = 0;
    std::int64_t written_ = 0;
    std::int64_t last_duration_ = 0;
    std::map<std::int64_t, std::int64_t> durations_;  // of frames in the encoder, by pts
};

VideoWriter::Encoding::Encoding(const std::filesystem::path& file, const VideoWriterOptions& options)
    : subject_(file.string()), options_(options) {
    silence_ffmpeg();
    make_output(file);
    const AVOutputFormat& container = *output_->oformat;
    given_ = ratio_of(options.time_base_numerator, options.time_base_denominator, subject_);
    stream_ = container_time_base(container, options, subject_);
    encoder_ = open_video_encoder(options, container, encoder_time_base(options, stream_, subject_), subject_);
    frames_ = std::make_unique<FrameMaker>(*encoder_);
    if (options.sound) sound_ = std::make_unique<SoundEncoder>(*options.sound, container, subject_);
    make_streams();
    if (const int error = avio_open(&output_->pb, file.string().c_str(), AVIO_FLAG_WRITE); error < 0)
        fail("cannot be written", error);
    write_header();
}

void VideoWriter::Encoding::make_output(const std::filesystem::path& file) {
    AVFormatContext* output = nullptr;
    const char* container = options_.container.empty() ? nullptr : options_.container.c_str();
    avformat_alloc_output_context2(&output, nullptr, container, file.string().c_str());
    if (output == nullptr)
        throw std::invalid_argument(subject_ +
                                    ": no container goes by this name; use .mp4 .mov .mkv .webm .avi or .ts");
    output_.reset(output);
    output_->flags |= AVFMT_FLAG_BITEXACT;
    output_->strict_std_compliance = FF_COMPLIANCE_EXPERIMENTAL;  // FLAC and Opus in MP4
    // Times are written as given, or not at all.
    if (std::string_view(output_->oformat->name) != "avi") output_->avoid_negative_ts = 0;
}

void VideoWriter::Encoding::make_streams() {
    AVStream* video = avformat_new_stream(output_.get(), nullptr);
    if (video == nullptr || avcodec_parameters_from_context(video->codecpar, encoder_.get()) < 0)
        throw std::bad_alloc();
    video->time_base = stream_;
    video->sample_aspect_ratio = encoder_->sample_aspect_ratio;
    if (options_.declared_rate) video->avg_frame_rate = encoder_->framerate;
    if (options_.rotation_degrees != 0) {
        if (!has_edit_list(*output_->oformat))
            throw std::invalid_argument(subject_ + ": only MP4 and MOV can note a rotation");
        note_rotation(*video, options_.rotation_degrees);
    }
    if (encoder_->pix_fmt == AV_PIX_FMT_YUVA420P) av_dict_set(&video->metadata, "alpha_mode", "1", 0);
    if (!sound_) return;
    AVStream* sound = avformat_new_stream(output_.get(), nullptr);
    if (sound == nullptr || avcodec_parameters_from_context(sound->codecpar, &sound_->context()) < 0)
        throw std::bad_alloc();
    sound->time_base = sound_->context().time_base;
}

void VideoWriter::Encoding::write_header() {
    for (const auto& [name, text] : options_.tags) av_dict_set(&output_->metadata, name.c_str(), text.c_str(), 0);
    AVDictionary* settings = nullptr;
    if (has_edit_list(*output_->oformat)) {
        // Edit lists count in the movie's ticks: in coarser ones they would cut a frame short, or shift the sound.
        std::int64_t movie_ticks = stream_.den;
        if (sound_) movie_ticks = std::lcm(movie_ticks, std::int64_t{options_.sound->sample_rate});
        if (movie_ticks > std::numeric_limits<std::int32_t>::max()) movie_ticks = stream_.den;
        av_dict_set_int(&settings, "video_track_timescale", stream_.den, 0);
        av_dict_set_int(&settings, "movie_timescale", movie_ticks, 0);
    }
    av_dict_set_int(&settings, "mpegts_copyts", 1, 0);
    const int error = avformat_write_header(output_.get(), &settings);
    av_dict_free(&settings);
    if (error < 0) fail("cannot be written as " + std::string(output_->oformat->name), error);
    const AVRational counted = output_->streams[0]->time_base;
    if (av_cmp_q(counted, stream_) != 0)
        throw std::invalid_argument(subject_ + ": " + output_->oformat->name + " counts time in " + text_of(counted) +
                                    " s, and would round times in " + text_of(stream_) + " s; give them in those");
}

// The pts in the encoder's ticks, when the file can hold it.
std::int64_t VideoWriter::Encoding::checked(std::int64_t pts) const {
    const std::string which = subject_ + ": frame " + std::to_string(added_) + " at pts " + std::to_string(pts);
    if (added_ > 0 && pts <= last_pts_)
        throw std::invalid_argument(which + " must come after the frame before it, at " + std::to_string(last_pts_));
    const auto in_stream = exactly(pts, given_, stream_);
    const auto in_encoder = exactly(pts, given_, encoder_->time_base);
    if (!in_stream || !in_encoder)
        throw std::invalid_argument(which + " of " + text_of(given_) + " s would be rounded: " + options_.codec +
                                    " in " + output_->oformat->name + " counts in " +
                                    text_of(in_stream ? encoder_->time_base : stream_) + " s");
    if (pts < 0 && !has_edit_list(*output_->oformat))
        throw std::invalid_argument(which + " is before 0, which only MP4 and MOV can hold");
    if (std::string_view(output_->oformat->name) == "avi" && *in_stream != added_)
        throw std::invalid_argument(which + " is not at the declared rate; AVI holds no other times");
    return *in_encoder;
}

void VideoWriter::Encoding::add(FramePtr frame, std::int64_t pts) {
    frame->pts = checked(pts);
    if (held_) encode_held(frame->pts - held_->pts);
    if (added_ == 0 && sound_) sound_->begin_at(pts < 0 ? 0 : av_rescale_q(pts, given_, sound_->context().time_base));
    held_ = std::move(frame);
    last_pts_ = pts;
    ++added_;
    if (sound_) encode_sound(SoundEncoder::Rest::keep);
}

void VideoWriter::Encoding::encode_held(std::int64_t duration) {
    last_duration_ = duration;
    durations_[held_->pts] = duration;
    encode(*encoder_, held_.get(), 0);
    held_.reset();
}

void VideoWriter::Encoding::add_sound(std::span<const float> samples) {
    if (!sound_) throw std::invalid_argument(subject_ + ": this video was opened without sound");
    sound_->add(samples);
    // The sound begins with the first picture, so that must be known.
    if (added_ > 0) encode_sound(SoundEncoder::Rest::keep);
}

void VideoWriter::Encoding::encode_sound(SoundEncoder::Rest rest) {
    while (const FramePtr frame = sound_->next_frame(rest)) encode(sound_->context(), frame.get(), 1);
}

void VideoWriter::Encoding::encode(AVCodecContext& encoder, const AVFrame* frame, int stream) {
    if (const int error = avcodec_send_frame(&encoder, frame); error < 0) fail("could not be encoded", error);
    while (true) {
        const int error = avcodec_receive_packet(&encoder, packet_.get());
        if (error == AVERROR(EAGAIN) || error == AVERROR_EOF) return;
        if (error < 0) fail("could not be encoded", error);
        write(*packet_, encoder.time_base, stream);
    }
}

void VideoWriter::Encoding::write(AVPacket& packet, AVRational time_base, int stream) {
    if (stream == 0) {
        ++written_;
        const auto known = durations_.find(packet.pts);
        if (known != durations_.end()) {
            packet.duration = known->second;
            durations_.erase(known);
        }
        if (packet.dts < 0 && std::string_view(output_->oformat->name) == "mpegts")
            throw std::invalid_argument(subject_ + ": with B-frames decoding begins " + std::to_string(-packet.dts) +
                                        " ticks before 0, which MPEG-TS cannot hold; begin later");
    }
    av_packet_rescale_ts(&packet, time_base, output_->streams[stream]->time_base);
    packet.stream_index = stream;
    if (const int error = av_interleaved_write_frame(output_.get(), &packet); error < 0)
        fail("cannot be written", error);
}

void VideoWriter::Encoding::close() {
    if (added_ == 0) throw std::runtime_error(subject_ + ": a video without a frame cannot be written");
    if (held_) encode_held(last_duration_ > 0 ? last_duration_ : 1);
    encode(*encoder_, nullptr, 0);
    if (written_ != added_)
        throw std::runtime_error(subject_ + ": the encoder made " + std::to_string(written_) + " packets of " +
                                 std::to_string(added_) + " frames, so frames cannot be told from each other");
    if (sound_) {
        encode_sound(SoundEncoder::Rest::take);
        encode(sound_->context(), nullptr, 1);
    }
    if (const int error = av_write_trailer(output_.get()); error < 0) fail("could not be finished", error);
    if (const int error = avio_closep(&output_->pb); error < 0) fail("could not be finished", error);
}

VideoWriter::VideoWriter(const std::filesystem::path& file, const VideoWriterOptions& options)
    : encoding_(std::make_unique<Encoding>(file, options)) {}
VideoWriter::~VideoWriter() = default;
VideoWriter::VideoWriter(VideoWriter&&) noexcept = default;

void VideoWriter::add(const schemas::Picture& picture, std::int64_t pts) {
    encoding_->add(encoding_->frames().frame_from(picture), pts);
}

void VideoWriter::add(const DepthFrame& picture, std::int64_t pts) {
    encoding_->add(encoding_->frames().frame_from(picture), pts);
}

void VideoWriter::add_sound(std::span<const float> samples) { encoding_->add_sound(samples); }

void VideoWriter::close() { encoding_->close(); }

}  // namespace storage
