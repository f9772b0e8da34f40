#include "storage/media/picture_conversion.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>
#include <cstring>

namespace storage {
namespace {

struct Yuv {
    double y = 0, cb = 0, cr = 0;  // y from 0 to 1, the others from -0.5 to 0.5
};

struct Weights {
    double red = 0, blue = 0;  // of luma: ITU-R BT.601-7, BT.709-6 and BT.2020-2
};
constexpr Weights bt601{0.299, 0.114}, bt709{0.2126, 0.0722}, bt2020{0.2627, 0.0593};

using Rgb = std::array<double, 3>;

Yuv yuv_of(const Rgb& rgb, Weights weights) {
    const double y = weights.red * rgb[0] + (1 - weights.red - weights.blue) * rgb[1] + weights.blue * rgb[2];
    return {y, (rgb[2] - y) / (2 - 2 * weights.blue), (rgb[0] - y) / (2 - 2 * weights.red)};
}

struct Coding {
    AVPixelFormat format = AV_PIX_FMT_YUV420P;
    AVColorSpace matrix = AVCOL_SPC_BT709;
    AVColorRange range = AVCOL_RANGE_MPEG;
    int bits = 8;
    int width = 32;
    int height = 18;
};

FramePtr empty_frame(const Coding& coding) {
    FramePtr frame = new_frame();
    frame->format = coding.format;
    frame->width = coding.width;
    frame->height = coding.height;
    frame->colorspace = coding.matrix;
    frame->color_range = coding.range;
    REQUIRE(av_frame_get_buffer(frame.get(), 0) == 0);
    return frame;
}

void fill(AVFrame& frame, int plane, int value, int bits) {
    const auto bytes = static_cast<std::size_t>(frame.linesize[plane]);
    for (int row = 0; row < (plane == 0 || plane == 3 ? frame.height : (frame.height + 1) / 2); ++row) {
        std::uint8_t* const line = frame.data[plane] + std::ptrdiff_t{row} * frame.linesize[plane];
        for (std::size_t place = 0; place<bytes; place += bits> 8 ? 2 : 1) {
            line[place] = static_cast<std::uint8_t>(value & 255);
            if (bits > 8) line[place + 1] = static_cast<std::uint8_t>(value >> 8);
        }
    }
}

// One colour all over, coded as the standards say.
FramePtr plain(const Rgb& rgb, Weights weights, const Coding& coding) {
    FramePtr frame = empty_frame(coding);
    const Yuv yuv = yuv_of(rgb, weights);
    const double unit = std::ldexp(1.0, coding.bits - 8), full = std::ldexp(1.0, coding.bits) - 1;
    const bool limited = coding.range == AVCOL_RANGE_MPEG;
    const double middle = 128 * unit, chroma = limited ? 224 * unit : full;
    fill(*frame, 0, static_cast<int>(std::lround(limited ? unit * (16 + 219 * yuv.y) : full * yuv.y)), coding.bits);
    fill(*frame, 1, static_cast<int>(std::min(full, std::round(middle + chroma * yuv.cb))), coding.bits);
    fill(*frame, 2, static_cast<int>(std::min(full, std::round(middle + chroma * yuv.cr))), coding.bits);
    return frame;
}

int worst_difference(const schemas::Picture& picture, const Rgb& rgb) {
    int worst = 0;
    for (int y = 0; y < picture.height; ++y)
        for (int x = 0; x < picture.width; ++x)
            for (std::size_t part = 0; part < 3; ++part)
                worst = std::max(worst,
                                 std::abs(picture.pixel(x, y)[part] - static_cast<int>(std::lround(255 * rgb[part]))));
    return worst;
}

constexpr std::array<Rgb, 8> colours{
    {{0, 0, 0}, {1, 1, 1}, {0.5, 0.5, 0.5}, {1, 0, 0}, {0, 1, 0}, {0, 0, 1}, {0.8, 0.3, 0.1}, {0.2, 0.6, 0.9}}};

// Every pixel has the number of its row in red and of its column in green.
FramePtr numbered(int width, int height) {
    FramePtr frame = empty_frame({.format = AV_PIX_FMT_RGBA, .width = width, .height = height});
    for (int y = 0; y < height; ++y)
        for (int x = 0; x < width; ++x) {
            const std::array<std::uint8_t, 4> pixel{static_cast<std::uint8_t>(y), static_cast<std::uint8_t>(x), 7, 200};
            std::memcpy(frame->data[0] + std::ptrdiff_t{y} * frame->linesize[0] + 4 * x, pixel.data(), 4);
        }
    return frame;
}

VideoProperties shown(int rotation, bool mirrored = false) {
    VideoProperties properties;
    properties.rotation_degrees = rotation;
    properties.mirrored = mirrored;
    return properties;
}

// The stored row and column of the pixel at the top left.
std::array<int, 2> top_left(const schemas::Picture& picture) {
    return {picture.pixel(0, 0)[0], picture.pixel(0, 0)[1]};
}

}  // namespace

TEST_CASE("colours of each matrix and range come out as the standards say") {
    struct Case {
        AVColorSpace tag;
        Weights weights;
    };
    for (const Case& tagged : {Case{AVCOL_SPC_SMPTE170M, bt601}, Case{AVCOL_SPC_BT470BG, bt601},
                               Case{AVCOL_SPC_BT709, bt709}, Case{AVCOL_SPC_BT2020_NCL, bt2020}})
        for (const AVColorRange range : {AVCOL_RANGE_MPEG, AVCOL_RANGE_JPEG})
            for (const Rgb& colour : colours) {
                CAPTURE(tagged.tag);
                CAPTURE(range);
                const FramePtr frame = plain(colour, tagged.weights, {.matrix = tagged.tag, .range = range});
                CHECK(worst_difference(converted(*frame, {}, 0), colour) <= 4);
            }
}

TEST_CASE("10 and 12 bits come out in the same colours as 8") {
    for (const auto& [format, bits] : {std::pair{AV_PIX_FMT_YUV420P10LE, 10}, std::pair{AV_PIX_FMT_YUV420P12LE, 12}})
        for (const AVColorRange range : {AVCOL_RANGE_MPEG, AVCOL_RANGE_JPEG})
            for (const Rgb& colour : colours) {
                const FramePtr frame = plain(colour, bt709, {.format = format, .range = range, .bits = bits});
                CHECK(worst_difference(converted(*frame, {}, 0), colour) <= 2);
            }
}

TEST_CASE("without a tag, 720 lines are BT.709 and fewer are BT.601, in limited range") {
    for (const auto& [height, matrix] : {std::pair{718, ColourMatrix::bt601}, std::pair{720, ColourMatrix::bt709}}) {
        const FramePtr frame =
            empty_frame({.matrix = AVCOL_SPC_UNSPECIFIED, .range = AVCOL_RANGE_UNSPECIFIED, .height = height});
        CHECK(colours_of(*frame).matrix == matrix);
        CHECK(colours_of(*frame).range == ColourRange::limited);
        CHECK(colours_of(*frame).problem.empty());
    }
}

TEST_CASE("a matrix that cannot be shown is named") {
    const FramePtr frame = empty_frame({.matrix = AVCOL_SPC_YCGCO});
    CHECK(colours_of(*frame).problem.find("ycgco") != std::string::npos);
}

TEST_CASE("a matrix without a name is told by its number") {
    const FramePtr frame = empty_frame({.matrix = AVCOL_SPC_NB});
    const int unknown = 200;
    std::memcpy(&frame->colorspace, &unknown, sizeof unknown);
    CHECK(colours_of(*frame).problem.starts_with("its colours are coded as number 200, which"));
}

TEST_CASE("16-bit grey keeps its whole range") {
    const FramePtr frame =
        empty_frame({.format = AV_PIX_FMT_GRAY16LE, .matrix = AVCOL_SPC_UNSPECIFIED, .range = AVCOL_RANGE_UNSPECIFIED});
    fill(*frame, 0, 0x8080, 16);
    CHECK(worst_difference(converted(*frame, {}, 0), {128 / 255.0, 128 / 255.0, 128 / 255.0}) <= 1);
}

TEST_CASE("alpha stays, and is full where there is none") {
    for (const int height : {17, 18}) {
        const FramePtr frame = empty_frame({.format = AV_PIX_FMT_YUVA420P, .height = height});
        for (const int plane : {0, 1, 2}) fill(*frame, plane, 128, 8);
        fill(*frame, 3, 90, 8);
        const schemas::Picture picture = converted(*frame, {}, 0);
        CHECK(picture.pixel(0, 0)[3] == 90);
        CHECK(picture.pixel(31, height - 1)[3] == 90);
    }
    CHECK(converted(*plain({0, 0, 0}, bt709, {}), {}, 0).pixel(3, 3)[3] == 255);
}

TEST_CASE("a picture is turned clockwise, after it was mirrored") {
    const FramePtr frame = numbered(5, 3);
    using Place = std::array<int, 2>;
    CHECK(top_left(converted(*frame, shown(0), 0)) == Place{0, 0});
    CHECK(top_left(converted(*frame, shown(90), 0)) == Place{2, 0});
    CHECK(top_left(converted(*frame, shown(180), 0)) == Place{2, 4});
    CHECK(top_left(converted(*frame, shown(270), 0)) == Place{0, 4});
    CHECK(top_left(converted(*frame, shown(0, true), 0)) == Place{0, 4});
    CHECK(top_left(converted(*frame, shown(90, true), 0)) == Place{2, 4});
    const schemas::Picture turned = converted(*frame, shown(90), 0);
    CHECK(turned.width == 3);
    CHECK(turned.height == 5);
    CHECK(turned.pixel(1, 2)[0] == 1);
    CHECK(turned.pixel(1, 2)[1] == 2);
    CHECK(turned.pixel(1, 2)[3] == 200);
}

TEST_CASE("pictures of every width are whole") {
    for (int width = 1; width < 40; ++width)
        for (const int height : {1, 2, 9}) {
            const FramePtr frame = plain({1, 1, 1}, bt709, {.width = width, .height = height});
            const schemas::Picture picture = converted(*frame, {}, 0);
            CHECK(picture.rgba == std::vector<std::uint8_t>(static_cast<std::size_t>(4 * width * height), 255));
        }
}

TEST_CASE("a limit scales down, never up, and keeps the shape") {
    const FramePtr frame = plain({0.8, 0.3, 0.1}, bt709, {.width = 64, .height = 32});
    const schemas::Picture small = converted(*frame, shown(90), 16);
    CHECK(small.width == 8);
    CHECK(small.height == 16);
    CHECK(worst_difference(small, {0.8, 0.3, 0.1}) <= 2);
    CHECK(converted(*frame, {}, 100).width == 64);
}

}  // namespace storage
