#include "storage/media/picture_conversion.h"

extern "C" {
#include <libavutil/pixdesc.h>
}

#include <algorithm>
#include <array>
#include <cstring>
#include <string>

#include "storage/read_error.h"

namespace storage {

namespace {

using schemas::Picture;

bool is_rgb(AVPixelFormat format) {
    const AVPixFmtDescriptor* description = av_pix_fmt_desc_get(format);
    return description != nullptr && (description->flags & (AV_PIX_FMT_FLAG_RGB | AV_PIX_FMT_FLAG_PAL)) != 0;
}

// The old names of full-range formats, of which swscale warns.
AVPixelFormat without_range(AVPixelFormat format) {
    switch (format) {
        case AV_PIX_FMT_YUVJ420P:
            return AV_PIX_FMT_YUV420P;
        case AV_PIX_FMT_YUVJ422P:
            return AV_PIX_FMT_YUV422P;
        case AV_PIX_FMT_YUVJ444P:
            return AV_PIX_FMT_YUV444P;
        case AV_PIX_FMT_YUVJ440P:
            return AV_PIX_FMT_YUV440P;
        case AV_PIX_FMT_YUVJ411P:
            return AV_PIX_FMT_YUV411P;
        default:
            return format;
    }
}

int swscale_matrix(ColourMatrix matrix) {
    switch (matrix) {
        case ColourMatrix::bt601:
            return SWS_CS_ITU601;
        case ColourMatrix::bt2020:
            return SWS_CS_BT2020;
        case ColourMatrix::bt709:
        case ColourMatrix::rgb:
            break;
    }
    return SWS_CS_ITU709;
}

struct Size {
    int width = 0;
    int height = 0;
};

Size limited(Size size, int longest_side) {
    const int longest = std::max(size.width, size.height);
    if (longest_side <= 0 || longest <= longest_side) return size;
    const auto scaled = [&](int side) {
        return std::max(1, static_cast<int>(static_cast<std::int64_t>(side) * longest_side / longest));
    };
    return {scaled(size.width), scaled(size.height)};
}

Picture rgba_from(const AVFrame& frame, const PictureColours& colours, Size size) {
    const auto format = static_cast<AVPixelFormat>(frame.format);
    const bool same_size = size.width == frame.width && size.height == frame.height;
    const int flags = (same_size ? SWS_POINT : SWS_AREA) | SWS_ACCURATE_RND | SWS_FULL_CHR_H_INT;
    const ScalerPtr scaler(sws_getContext(frame.width, frame.height, without_range(format), size.width, size.height,
                                          AV_PIX_FMT_RGBA, flags, nullptr, nullptr, nullptr));
    if (!scaler) throw ReadError("pictures of the format " + std::to_string(frame.format) + " cannot be shown");
    const int full = colours.range == ColourRange::full ? 1 : 0;
    sws_setColorspaceDetails(scaler.get(), sws_getCoefficients(swscale_matrix(colours.matrix)), full,
                             sws_getCoefficients(SWS_CS_DEFAULT), 1, 0, 1 << 16, 1 << 16);
    Picture picture = schemas::blank_picture(size.width, size.height);
    const std::array<std::uint8_t*, 4> planes{picture.rgba.data()};
    const std::array<int, 4> strides{4 * size.width};
    sws_scale(scaler.get(), frame.data, frame.linesize, 0, frame.height, planes.data(), strides.data());
    return picture;
}

Picture mirrored(const Picture& stored) {
    Picture picture = schemas::blank_picture(stored.width, stored.height);
    for (int y = 0; y < stored.height; ++y)
        for (int x = 0; x < stored.width; ++x)
            std::memcpy(picture.pixel(stored.width - 1 - x, y), stored.pixel(x, y), 4);
    return picture;
}

Picture turned(const Picture& stored, int degrees) {
    const bool lies = degrees % 180 != 0;
    Picture picture = schemas::blank_picture(lies ? stored.height : stored.width, lies ? stored.width : stored.height);
    const int right = picture.width - 1, bottom = picture.height - 1;
    for (int y = 0; y < stored.height; ++y)
        for (int x = 0; x < stored.width; ++x) {
            std::uint8_t* const target = degrees == 90    ? picture.pixel(right - y, x)
                                         : degrees == 180 ? picture.pixel(right - x, bottom - y)
                                                          : picture.pixel(y, bottom - x);
            std::memcpy(target, stored.pixel(x, y), 4);
        }
    return picture;
}

}  // namespace

PictureColours colours_of(const AVFrame& picture) {
    const auto format = static_cast<AVPixelFormat>(picture.format);
    PictureColours colours;
    if (is_rgb(format)) return {ColourMatrix::rgb, ColourRange::full, {}};
    colours.matrix = picture.height >= 720 ? ColourMatrix::bt709 : ColourMatrix::bt601;
    switch (picture.colorspace) {
        case AVCOL_SPC_BT709:
            colours.matrix = ColourMatrix::bt709;
            break;
        case AVCOL_SPC_BT470BG:
        case AVCOL_SPC_SMPTE170M:
            colours.matrix = ColourMatrix::bt601;
            break;
        case AVCOL_SPC_BT2020_NCL:
        case AVCOL_SPC_BT2020_CL:
            colours.matrix = ColourMatrix::bt2020;
            break;
        case AVCOL_SPC_UNSPECIFIED:
        case AVCOL_SPC_RESERVED:
            break;
        default:
            colours.problem = std::string("its colours are coded as ") + av_color_space_name(picture.colorspace) +
                              ", which is not known here; they are shown as if they were ordinary video";
    }
    const bool named_full = format != without_range(format);
    colours.range = named_full || picture.color_range == AVCOL_RANGE_JPEG ? ColourRange::full : ColourRange::limited;
    return colours;
}

schemas::Picture converted(const AVFrame& picture, const VideoProperties& properties, int longest_side) {
    const Size size = limited({picture.width, picture.height}, longest_side);
    Picture upright = rgba_from(picture, colours_of(picture), size);
    if (properties.mirrored) upright = mirrored(upright);
    if (properties.rotation_degrees != 0) upright = turned(upright, properties.rotation_degrees);
    return upright;
}

}  // namespace storage
