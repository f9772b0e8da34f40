#include "storage/media/video_properties.h"

extern "C" {
#include <libavutil/display.h>
#include <libavutil/pixdesc.h>
}

#include <array>
#include <charconv>
#include <cmath>
#include <cstring>
#include <numbers>
#include <string_view>

#include "storage/media/picture_conversion.h"

namespace storage {

namespace {

bool is_cover_picture(const AVStream& stream) { return (stream.disposition & AV_DISPOSITION_ATTACHED_PIC) != 0; }

bool is_video(const AVStream& stream) {
    return stream.codecpar->codec_type == AVMEDIA_TYPE_VIDEO && !is_cover_picture(stream);
}

std::string holdings_of(MediaFile& media) {
    int sound = 0, other = 0;
    bool cover = false;
    for (unsigned number = 0; number < media.container().nb_streams; ++number) {
        const AVStream& stream = *media.container().streams[number];
        if (stream.codecpar->codec_type == AVMEDIA_TYPE_AUDIO)
            ++sound;
        else if (is_cover_picture(stream))
            cover = true;
        else
            ++other;
    }
    if (sound > 0) return std::string("only sound") + (cover ? " and a cover picture" : "");
    if (cover) return "only a cover picture";
    return other > 0 ? "only streams that are neither video nor sound" : "no stream at all";
}

const std::int32_t* display_matrix_of(const AVStream& stream) {
#if LIBAVFORMAT_VERSION_INT >= AV_VERSION_INT(60, 15, 100)
    const AVPacketSideData* data = av_packet_side_data_get(
        stream.codecpar->coded_side_data, stream.codecpar->nb_coded_side_data, AV_PKT_DATA_DISPLAYMATRIX);
    return data != nullptr && data->size >= 36 ? reinterpret_cast<const std::int32_t*>(data->data) : nullptr;
#else
    std::size_t size = 0;
    const std::uint8_t* data = av_stream_get_side_data(&stream, AV_PKT_DATA_DISPLAYMATRIX, &size);
    return data != nullptr && size >= 36 ? reinterpret_cast<const std::int32_t*>(data) : nullptr;
#endif
}

// The matrix maps stored (x, y) to (a x + c y, b x + d y), with y downwards: libavutil/display.h.
void set_orientation(VideoProperties& properties, const std::int32_t* matrix, std::vector<std::string>& problems) {
    if (matrix == nullptr) return;
    double a = matrix[0], b = matrix[1];
    const double c = matrix[3], d = matrix[4];
    properties.mirrored = a * d - b * c < 0;
    if (properties.mirrored) a = -a, b = -b;
    const double degrees = a == 0 && b == 0 ? 0 : std::atan2(b, a) * 180 / std::numbers::pi;
    const int quarters = static_cast<int>(std::lround(degrees / 90));
    if (std::abs(degrees - 90 * quarters) > 1)
        problems.push_back("the container turns the picture by " + std::to_string(std::lround(degrees)) +
                           " degrees; it is shown turned by the nearest quarter");
    properties.rotation_degrees = 90 * ((quarters + 4) % 4);
}

}  // namespace

int chosen_video_stream(MediaFile& media, std::optional<int> wanted) {
    const int count = static_cast<int>(media.container().nb_streams);
    if (wanted) {
        if (*wanted < 0 || *wanted >= count)
            throw ReadError(media.name() + ": there is no stream " + std::to_string(*wanted) + "; it has " +
                            std::to_string(count) + ", counted from 0.");
        if (!is_video(media.stream(*wanted)))
            throw ReadError(media.name() + ": stream " + std::to_string(*wanted) + " is no video.");
        return *wanted;
    }
    const int best = av_find_best_stream(&media.container(), AVMEDIA_TYPE_VIDEO, -1, -1, nullptr, 0);
    if (best >= 0 && is_video(media.stream(best))) return best;
    for (int number = 0; number < count; ++number)
        if (is_video(media.stream(number))) return number;
    throw ReadError(media.name() + ": it has no video; it holds " + holdings_of(media) + ".");
}

VideoProperties properties_of(MediaFile& media, int number, const AVFrame& picture,
                              std::vector<std::string>& problems) {
    AVStream& stream = media.stream(number);
    VideoProperties properties;
    properties.stream = number;
    properties.container = media.container().iformat->name;
    properties.codec = avcodec_get_name(stream.codecpar->codec_id);
    set_orientation(properties, display_matrix_of(stream), problems);
    const bool turned = properties.rotation_degrees % 180 != 0;
    properties.width = turned ? picture.height : picture.width;
    properties.height = turned ? picture.width : picture.height;

    const AVRational aspect = av_guess_sample_aspect_ratio(&media.container(), &stream, nullptr);
    if (aspect.num > 0 && aspect.den > 0) {
        properties.sample_aspect_numerator = aspect.num;
        properties.sample_aspect_denominator = aspect.den;
    }
    properties.time_base_numerator = stream.time_base.num;
    properties.time_base_denominator = stream.time_base.den;
    const AVRational rate = av_guess_frame_rate(&media.container(), &stream, nullptr);
    if (rate.num > 0 && rate.den > 0) properties.declared_rate = {rate.num, rate.den};

    if (sws_isSupportedInput(static_cast<AVPixelFormat>(picture.format)) == 0)
        throw ReadError(media.name() + ": its pictures have the format " +
                        std::string(av_get_pix_fmt_name(static_cast<AVPixelFormat>(picture.format))) +
                        ", which cannot be shown.");
    const AVPixFmtDescriptor* format = av_pix_fmt_desc_get(static_cast<AVPixelFormat>(picture.format));
    properties.pixel_format = format->name;
    properties.bits = format->comp[0].depth;
    properties.alpha = (format->flags & AV_PIX_FMT_FLAG_ALPHA) != 0;
    const PictureColours colours = colours_of(picture);
    properties.matrix = colours.matrix;
    properties.range = colours.range;
    if (!colours.problem.empty()) problems.push_back(colours.problem);
    return properties;
}

std::int64_t declared_frames(const AVStream& stream) {
    if (stream.nb_frames > 0) return stream.nb_frames;
    // Matroska's statistics, which carry a language in some files.
    for (const char* name : {"NUMBER_OF_FRAMES", "NUMBER_OF_FRAMES-eng"})
        if (const AVDictionaryEntry* tag = av_dict_get(stream.metadata, name, nullptr, 0)) {
            std::int64_t count = 0;
            const std::string_view text = tag->value;
            if (std::from_chars(text.data(), text.data() + text.size(), count).ec == std::errc{} && count > 0)
                return count;
        }
    return 0;
}

}  // namespace storage
