#include "storage/media/video_encoder.h"

extern "C" {
#include <libavutil/opt.h>
#include <libavutil/pixdesc.h>
}

#include <algorithm>
#include <array>
#include <cstring>
#include <limits>
#include <stdexcept>
#include <string_view>

#include "storage/media/media_file.h"

namespace storage {

namespace {

// How far the encoder goes to say how good the picture shall be.
enum class Quality { rate_factor, rate_factor_and_rate, quantiser, lossless };
enum class Order { of_presentation, with_b_frames };

struct Encoder {
    std::string_view codec;    // as VideoWriterOptions call it
    std::string_view encoder;  // as FFmpeg calls it
    Order order = Order::of_presentation;
    Quality kind = Quality::lossless;
    int usual_quality = 0;
    std::string_view preset_option;
    std::string_view usual_preset;
};

constexpr std::array encoders{
    Encoder{"h264", "libx264", Order::with_b_frames, Quality::rate_factor, 20, "preset", "medium"},
    Encoder{"hevc", "libx265", Order::with_b_frames, Quality::rate_factor, 22, "preset", "medium"},
    Encoder{"vp8", "libvpx", Order::of_presentation, Quality::rate_factor_and_rate, 10, "cpu-used", "5"},
    Encoder{"vp9", "libvpx-vp9", Order::of_presentation, Quality::rate_factor, 31, "cpu-used", "5"},
    Encoder{"av1", "libaom-av1", Order::of_presentation, Quality::rate_factor, 30, "cpu-used", "8"},
    Encoder{"mpeg4", "mpeg4", Order::with_b_frames, Quality::quantiser, 3, "", ""},
    Encoder{"mjpeg", "mjpeg", Order::of_presentation, Quality::quantiser, 3, "", ""},
    Encoder{"ffv1", "ffv1", Order::of_presentation, Quality::lossless, 0, "", ""},
};

struct Colour {
    AVColorSpace space;
    AVColorPrimaries primaries;
    AVColorTransferCharacteristic transfer;
};

Colour colour_of(ColourMatrix matrix) {
    switch (matrix) {
        case ColourMatrix::bt601:
            return {AVCOL_SPC_SMPTE170M, AVCOL_PRI_SMPTE170M, AVCOL_TRC_SMPTE170M};
        case ColourMatrix::bt709:
            return {AVCOL_SPC_BT709, AVCOL_PRI_BT709, AVCOL_TRC_BT709};
        case ColourMatrix::bt2020:
            return {AVCOL_SPC_BT2020_NCL, AVCOL_PRI_BT2020, AVCOL_TRC_BT2020_10};
        case ColourMatrix::rgb:
            return {AVCOL_SPC_RGB, AVCOL_PRI_BT709, AVCOL_TRC_IEC61966_2_1};
    }
    return {AVCOL_SPC_UNSPECIFIED, AVCOL_PRI_UNSPECIFIED, AVCOL_TRC_UNSPECIFIED};
}

const Encoder& encoder_named(const std::string& codec, const std::string& subject) {
    const auto found = std::ranges::find(encoders, codec, &Encoder::codec);
    if (found != encoders.end()) return *found;
    std::string known;
    for (const Encoder& encoder : encoders) known += " " + std::string(encoder.codec);
    throw std::invalid_argument(subject + ": no codec is called " + codec + "; there are" + known);
}

AVPixelFormat pixel_format_of(const VideoWriterOptions& options, const std::string& subject) {
    const AVPixelFormat format = av_get_pix_fmt(options.pixel_format.c_str());
    const AVPixFmtDescriptor* layout = av_pix_fmt_desc_get(format);
    if (layout == nullptr) throw std::invalid_argument(subject + ": no pixel format is called " + options.pixel_format);
    const std::string size = std::to_string(options.width) + "x" + std::to_string(options.height);
    if (options.width <= 0 || options.height <= 0)
        throw std::invalid_argument(subject + ": a picture of " + size + " cannot be written");
    const bool takes_odd_sizes = options.codec != "h264" && options.codec != "hevc";
    if (!takes_odd_sizes &&
        (options.width % (1 << layout->log2_chroma_w) != 0 || options.height % (1 << layout->log2_chroma_h) != 0))
        throw std::invalid_argument(subject + ": " + size + " must be even for the pixel format " +
                                    options.pixel_format);
    return format;
}

class EncoderOptions {
public:
    EncoderOptions() = default;
    ~EncoderOptions() { av_dict_free(&options_); }
    EncoderOptions(const EncoderOptions&) = delete;
    EncoderOptions& operator=(const EncoderOptions&) = delete;

    void set(std::string_view name, const std::string& value) {
        av_dict_set(&options_, std::string(name).c_str(), value.c_str(), 0);
    }
    AVDictionary** get() { return &options_; }

private:
    AVDictionary* options_ = nullptr;
};

void set_quality(const VideoWriterOptions& options, const Encoder& encoder, AVCodecContext& context,
                 EncoderOptions& more) {
    const int quality = options.quality.value_or(encoder.usual_quality);
    switch (encoder.kind) {
        case Quality::lossless:
            return;
        case Quality::quantiser:
            context.flags |= AV_CODEC_FLAG_QSCALE;
            context.global_quality = quality * FF_QP2LAMBDA;
            return;
        case Quality::rate_factor_and_rate:
            context.bit_rate = std::max<std::int64_t>(500'000, 6LL * options.width * options.height);
            break;
        case Quality::rate_factor:
            context.bit_rate = 0;
            break;
    }
    more.set("crf", std::to_string(quality));
}

// What only some encoders have.
void set_details(const VideoWriterOptions& options, const Encoder& encoder, AVCodecContext& context,
                 EncoderOptions& more) {
    const bool open = options.groups == VideoWriterOptions::Groups::open;
    if (!open && encoder.order == Order::with_b_frames) context.flags |= AV_CODEC_FLAG_CLOSED_GOP;
    if (!encoder.preset_option.empty())
        more.set(encoder.preset_option, options.preset.empty() ? std::string(encoder.usual_preset) : options.preset);
    if (encoder.codec == "h264") {
        more.set("x264-params", open ? "open-gop=1" : "open-gop=0");
    } else if (encoder.codec == "hevc") {
        more.set("x265-params", std::string(open ? "open-gop=1" : "open-gop=0") + ":log-level=error" +
                                    (options.threads == 1 ? ":pools=none:frame-threads=1" : ""));
    } else if (encoder.codec == "vp9" && context.pix_fmt == AV_PIX_FMT_YUVA420P) {
        more.set("auto-alt-ref", "0");  // libvpx has no hidden frames for alpha
    } else if (encoder.codec == "mpeg4" && !open) {
        more.set("sc_threshold", "1000000000");  // a scene cut would open the group
    } else if (encoder.codec == "ffv1") {
        context.level = 3;
        more.set("slicecrc", "1");
    }
}

void set_colour(const VideoWriterOptions& options, AVCodecContext& context) {
    // JPEG knows one matrix and one range (JFIF 1.02, page 3).
    const bool jpeg = context.codec_id == AV_CODEC_ID_MJPEG;
    const Colour colour = colour_of(jpeg ? ColourMatrix::bt601 : options.matrix);
    context.colorspace = colour.space;
    context.color_primaries = colour.primaries;
    context.color_trc = colour.transfer;
    context.color_range = jpeg || options.range == ColourRange::full ? AVCOL_RANGE_JPEG : AVCOL_RANGE_MPEG;
    if (!jpeg) return;
    if (context.pix_fmt == AV_PIX_FMT_YUV420P) context.pix_fmt = AV_PIX_FMT_YUVJ420P;
    if (context.pix_fmt == AV_PIX_FMT_YUV422P) context.pix_fmt = AV_PIX_FMT_YUVJ422P;
    if (context.pix_fmt == AV_PIX_FMT_YUV444P) context.pix_fmt = AV_PIX_FMT_YUVJ444P;
}

// AVI counts packets. Where the pictures themselves do not say when they are shown, nothing would
// tell in which order.
bool is_avi_without_times(const AVOutputFormat& container, const AVCodec& codec) {
    return std::string_view(container.name) == "avi" && codec.id != AV_CODEC_ID_MPEG4;
}

int int_from(std::int64_t value, const char* what, const std::string& subject) {
    if (value <= 0 || value > std::numeric_limits<int>::max())
        throw std::invalid_argument(subject + ": " + what + " of " + std::to_string(value) + " cannot be written");
    return static_cast<int>(value);
}

}  // namespace

CodecPtr open_video_encoder(const VideoWriterOptions& options, const AVOutputFormat& container, AVRational time_base,
                            const std::string& subject) {
    const Encoder& encoder = encoder_named(options.codec, subject);
    const AVCodec* codec = avcodec_find_encoder_by_name(std::string(encoder.encoder).c_str());
    if (codec == nullptr)
        throw std::runtime_error(subject + ": this FFmpeg was built without the encoder " +
                                 std::string(encoder.encoder));
    if (avformat_query_codec(&container, codec->id, FF_COMPLIANCE_NORMAL) == 0)
        throw std::invalid_argument(subject + ": " + container.name + " cannot hold " + options.codec);
    if (options.b_frames > 0 && (encoder.order != Order::with_b_frames || is_avi_without_times(container, *codec)))
        throw std::invalid_argument(subject + ": " + options.codec + " in " + container.name + " has no B-frames");
    CodecPtr context(avcodec_alloc_context3(codec));
    if (!context) throw std::bad_alloc();
    context->log_level_offset = AV_LOG_VERBOSE;  // what the encoder tells about itself is not worth a line
    context->pix_fmt = pixel_format_of(options, subject);
    context->width = options.width;
    context->height = options.height;
    context->time_base = time_base;
    if (options.declared_rate)
        context->framerate = {int_from(options.declared_rate->numerator, "a frame rate", subject),
                              int_from(options.declared_rate->denominator, "a frame rate", subject)};
    else
        context->framerate = {25, 1};  // rate control wants some idea of it; nobody is told
    context->sample_aspect_ratio = {int_from(options.sample_aspect_numerator, "a sample aspect", subject),
                                    int_from(options.sample_aspect_denominator, "a sample aspect", subject)};
    context->gop_size = options.group_length;
    context->max_b_frames = options.b_frames;
    context->thread_count = options.threads;
    context->flags |= AV_CODEC_FLAG_BITEXACT;
    if ((container.flags & AVFMT_GLOBALHEADER) != 0) context->flags |= AV_CODEC_FLAG_GLOBAL_HEADER;
    set_colour(options, *context);
    EncoderOptions more;
    set_quality(options, encoder, *context, more);
    set_details(options, encoder, *context, more);
    if (options.b_pattern == VideoWriterOptions::Pattern::regular) more.set("b_strategy", "0");
    if (const int error = avcodec_open2(context.get(), codec, more.get()); error < 0)
        throw std::runtime_error(subject + ": the encoder " + std::string(encoder.encoder) + " does not take " +
                                 std::to_string(options.width) + "x" + std::to_string(options.height) + " " +
                                 options.pixel_format + " with these settings: " + words_of_ffmpeg_error(error));
    return context;
}

FrameMaker::FrameMaker(const AVCodecContext& encoder) : encoder_(encoder) {}

FramePtr FrameMaker::blank(int width, int height, std::size_t values, std::size_t values_of_a_pixel) const {
    if (width != encoder_.width || height != encoder_.height ||
        values != values_of_a_pixel * static_cast<std::size_t>(width) * static_cast<std::size_t>(height))
        throw std::invalid_argument("a video of " + std::to_string(encoder_.width) + "x" +
                                    std::to_string(encoder_.height) + " cannot take a picture of " +
                                    std::to_string(width) + "x" + std::to_string(height));
    FramePtr frame(av_frame_alloc());
    if (!frame) throw std::bad_alloc();
    frame->format = encoder_.pix_fmt;
    frame->width = width;
    frame->height = height;
    frame->colorspace = encoder_.colorspace;
    frame->color_range = encoder_.color_range;
    frame->color_primaries = encoder_.color_primaries;
    frame->color_trc = encoder_.color_trc;
    frame->sample_aspect_ratio = encoder_.sample_aspect_ratio;
    if (av_frame_get_buffer(frame.get(), 0) < 0) throw std::bad_alloc();
    return frame;
}

FramePtr FrameMaker::frame_from(const schemas::Picture& picture) {
    if (encoder_.pix_fmt == AV_PIX_FMT_GRAY16LE)
        throw std::invalid_argument("a depth video takes depth pictures, not coloured ones");
    FramePtr frame = blank(picture.width, picture.height, picture.rgba.size(), 4);
    if (!scaler_) {
        const int how = SWS_BICUBIC | SWS_ACCURATE_RND | SWS_BITEXACT | SWS_FULL_CHR_H_INP;
        scaler_.reset(sws_getContext(picture.width, picture.height, AV_PIX_FMT_RGBA, picture.width, picture.height,
                                     encoder_.pix_fmt, how, nullptr, nullptr, nullptr));
        if (!scaler_)
            throw std::invalid_argument("pictures cannot be converted to " +
                                        std::string(av_get_pix_fmt_name(encoder_.pix_fmt)));
        const int* coefficients = sws_getCoefficients(encoder_.colorspace);
        const int range = encoder_.color_range == AVCOL_RANGE_JPEG ? 1 : 0;
        sws_setColorspaceDetails(scaler_.get(), coefficients, 1, coefficients, range, 0, 1 << 16, 1 << 16);
    }
    const std::array<const std::uint8_t*, 1> source{picture.rgba.data()};
    const std::array<int, 1> stride{4 * picture.width};
    sws_scale(scaler_.get(), source.data(), stride.data(), 0, picture.height, frame->data, frame->linesize);
    return frame;
}

FramePtr FrameMaker::frame_from(const DepthFrame& picture) {
    if (encoder_.pix_fmt != AV_PIX_FMT_GRAY16LE)
        throw std::invalid_argument("only a video of the pixel format gray16le takes depth pictures");
    FramePtr frame = blank(picture.width, picture.height, picture.values.size(), 1);
    const auto columns = static_cast<std::size_t>(picture.width);
    for (int row = 0; row < picture.height; ++row) {
        const std::uint16_t* from = picture.values.data() + columns * static_cast<std::size_t>(row);
        std::memcpy(frame->data[0] + static_cast<std::ptrdiff_t>(frame->linesize[0]) * row, from,
                    columns * sizeof *from);
    }
    return frame;
}

}  // namespace storage
