#include "storage/media/picture_conversion.h"

extern "C" {
#include <libavutil/pixdesc.h>
}

#include <algorithm>
#include <array>
#include <cstring>
#include <string>
#include <utility>
#include <vector>

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

// RGBA as it is stored, in rows of `stride` pixels.
struct Pixels {
    Size size;
    int stride = 0;
    std::vector<std::uint8_t> rgba;
};

// swscale's quick way for ordinary video, 0.4 ms for 1920x1080 instead of 6.6: greys come out exactly,
// colours at most 3 of 255 too dark. Pictures of odd height and those with alpha go another, worse way then.
bool has_quick_way(AVPixelFormat format, int height) {
    return (format == AV_PIX_FMT_YUV420P || format == AV_PIX_FMT_YUV422P) && height % 2 == 0;
}

// Made anew only when the format or a size changes.
thread_local ScalerPtr scaler;

Pixels rgba_from(const AVFrame& frame, const PictureColours& colours, Size size) {
    const AVPixelFormat format = without_range(static_cast<AVPixelFormat>(frame.format));
    const bool same_size = size.width == frame.width && size.height == frame.height;
    constexpr int exact = SWS_ACCURATE_RND | SWS_FULL_CHR_H_INT;
    const int flags = !same_size                            ? SWS_AREA | exact
                      : has_quick_way(format, frame.height) ? SWS_POINT
                                                            : SWS_POINT | exact;
    scaler.reset(sws_getCachedContext(scaler.release(), frame.width, frame.height, format, size.width, size.height,
                                      AV_PIX_FMT_RGBA, flags, nullptr, nullptr, nullptr));
    if (!scaler) {
        const char* name = av_get_pix_fmt_name(format);
        throw ReadError(std::string("pictures of the format ") + (name != nullptr ? name : "unknown") +
                        " cannot be shown");
    }
    const int full = colours.range == ColourRange::full ? 1 : 0;
    sws_setColorspaceDetails(scaler.get(), sws_getCoefficients(swscale_matrix(colours.matrix)), full,
                             sws_getCoefficients(SWS_CS_DEFAULT), 1, 0, 1 << 16, 1 << 16);
    // swscale writes whole blocks of pixels, also past the end of a row.
    constexpr int block = 16;
    Pixels pixels{size, (size.width + block - 1) / block * block, {}};
    pixels.rgba.resize(4 * static_cast<std::size_t>(pixels.stride) * static_cast<std::size_t>(size.height));
    const std::array<std::uint8_t*, 4> planes{pixels.rgba.data()};
    const std::array<int, 4> strides{4 * pixels.stride};
    sws_scale(scaler.get(), frame.data, frame.linesize, 0, frame.height, planes.data(), strides.data());
    return pixels;
}

// Mirrored and turned. Every such picture takes its pixels from the stored one in steps that stay the same
// along a row and along a column.
Picture upright(Pixels stored, const VideoProperties& properties) {
    const int degrees = properties.rotation_degrees;
    const auto [width, height] = stored.size;
    if (degrees == 0 && !properties.mirrored && stored.stride == width) return {width, height, std::move(stored.rgba)};
    const auto place_of = [&](int x, int y) {
        int from_x = x, from_y = y;
        if (degrees == 90) from_x = y, from_y = height - 1 - x;
        if (degrees == 180) from_x = width - 1 - x, from_y = height - 1 - y;
        if (degrees == 270) from_x = width - 1 - y, from_y = x;
        if (properties.mirrored) from_x = width - 1 - from_x;
        return 4 * (std::ptrdiff_t{from_y} * stored.stride + from_x);
    };
    const bool lies = degrees % 180 != 0;
    Picture picture = schemas::blank_picture(lies ? height : width, lies ? width : height);
    const std::ptrdiff_t origin = place_of(0, 0), along_row = place_of(1, 0) - origin,
                         along_column = place_of(0, 1) - origin;
    constexpr int tile = 32;  // both pictures' lines of a tile fit the processor's cache
    for (int top = 0; top < picture.height; top += tile)
        for (int left = 0; left < picture.width; left += tile)
            for (int y = top; y < std::min(top + tile, picture.height); ++y) {
                const std::uint8_t* const row = stored.rgba.data() + origin + y * along_column;
                for (int x = left; x < std::min(left + tile, picture.width); ++x)
                    std::memcpy(picture.pixel(x, y), row + x * along_row, 4);
            }
    return picture;
}

// A file may say any number.
std::string name_of(AVColorSpace matrix) {
    const char* name = av_color_space_name(matrix);
    return name != nullptr ? name : "number " + std::to_string(static_cast<int>(matrix));
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
            colours.problem = "its colours are coded as " + name_of(picture.colorspace) +
                              ", which is not known here; they are shown as if they were ordinary video";
    }
    const bool named_full = format != without_range(format);
    // Depth is grey and fills its range; nobody makes limited grey.
    const bool grey = av_pix_fmt_desc_get(format)->nb_components <= 2;
    colours.range =
        grey || named_full || picture.color_range == AVCOL_RANGE_JPEG ? ColourRange::full : ColourRange::limited;
    return colours;
}

schemas::Picture converted(const AVFrame& picture, const VideoProperties& properties, int longest_side) {
    const Size size = limited({picture.width, picture.height}, longest_side);
    return upright(rgba_from(picture, colours_of(picture), size), properties);
}

}  // namespace storage
