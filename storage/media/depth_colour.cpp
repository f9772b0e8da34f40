#include "storage/media/depth_colour.h"

#include <algorithm>
#include <cmath>
#include <vector>

namespace storage {

namespace {

using Colour = std::array<std::uint8_t, 3>;

// viridis at 0, 1/9 … 1.
constexpr std::array<Colour, 10> viridis = {{{0x44, 0x01, 0x54},
                                             {0x48, 0x28, 0x78},
                                             {0x3E, 0x4A, 0x89},
                                             {0x31, 0x68, 0x8E},
                                             {0x26, 0x82, 0x8E},
                                             {0x1F, 0x9E, 0x89},
                                             {0x35, 0xB7, 0x79},
                                             {0x6D, 0xCD, 0x59},
                                             {0xB4, 0xDE, 0x2C},
                                             {0xFD, 0xE7, 0x25}}};

// The darkest grey of something measured, so that it is told from a hole.
constexpr double darkest_grey = 40;

std::uint8_t byte_from(double value) { return static_cast<std::uint8_t>(std::lround(value)); }

}  // namespace

DepthShading shading_for(const DepthRange& range, ColourMap map) {
    return {map, HoleColour::black, range.percentile_1, range.percentile_99};
}

Colour map_colour(ColourMap map, double brightness) {
    const double share = std::clamp(brightness, 0.0, 1.0);
    if (map == ColourMap::grey) {
        const std::uint8_t grey = byte_from(darkest_grey + share * (255 - darkest_grey));
        return {grey, grey, grey};
    }
    const double place = share * static_cast<double>(viridis.size() - 1);
    const auto lower = std::min(static_cast<std::size_t>(place), viridis.size() - 2);
    const double upper_share = place - static_cast<double>(lower);
    Colour colour{};
    for (std::size_t part = 0; part < colour.size(); ++part)
        colour[part] = byte_from((1 - upper_share) * viridis[lower][part] + upper_share * viridis[lower + 1][part]);
    return colour;
}

schemas::Picture picture_from(const DepthFrame& frame, const DepthShading& shading) {
    const double depth = std::max(1, int{shading.farthest} - int{shading.nearest});
    std::vector<Colour> colours(65536);
    for (std::size_t value = 1; value < colours.size(); ++value)
        colours[value] = map_colour(shading.map, (shading.farthest - static_cast<double>(value)) / depth);

    schemas::Picture picture = schemas::blank_picture(frame.width, frame.height);
    for (std::size_t pixel = 0; pixel < frame.values.size(); ++pixel) {
        const std::uint16_t value = frame.values[pixel];
        std::uint8_t* const rgba = &picture.rgba[4 * pixel];
        std::ranges::copy(colours[value], rgba);
        rgba[3] = value == 0 && shading.holes == HoleColour::transparent ? 0 : 255;
    }
    return picture;
}

}  // namespace storage
