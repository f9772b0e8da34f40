#include "storage/media/picture_scaling.h"

#include <array>
#include <cstdint>
#include <stdexcept>

#include "storage/media/ffmpeg_ptr.h"

namespace storage {

schemas::Picture scaled(const schemas::Picture& picture, int width, int height) {
    if (picture.rgba.empty() || width <= 0 || height <= 0)
        throw std::invalid_argument("a picture is scaled from a size to a size");
    if (picture.width == width && picture.height == height) return picture;
    const bool shrinks = width <= picture.width && height <= picture.height;
    const int flags = (shrinks ? SWS_AREA : SWS_BICUBIC) | SWS_ACCURATE_RND;
    const ScalerPtr scaler(sws_getContext(picture.width, picture.height, AV_PIX_FMT_RGBA, width, height,
                                          AV_PIX_FMT_RGBA, flags, nullptr, nullptr, nullptr));
    if (!scaler) throw std::invalid_argument("a picture cannot be scaled to that size");
    schemas::Picture result = schemas::blank_picture(width, height);
    const std::array<const std::uint8_t*, 4> from{picture.rgba.data()};
    const std::array<int, 4> from_strides{4 * picture.width};
    const std::array<std::uint8_t*, 4> to{result.rgba.data()};
    const std::array<int, 4> to_strides{4 * width};
    sws_scale(scaler.get(), from.data(), from_strides.data(), 0, picture.height, to.data(), to_strides.data());
    return result;
}

}  // namespace storage
