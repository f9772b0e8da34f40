#pragma once

#include <array>
#include <cstdint>

#include "schemas/picture.h"
#include "storage/media/depth_reader.h"

namespace storage {

// grey: evenly spaced sRGB. viridis: perceptually even, also for those who cannot tell red from green (Smith and van
// der Walt 2015, matplotlib), by 10 of its colours and straight lines between them.
enum class ColourMap { grey, viridis };
enum class HoleColour { black, transparent };

struct DepthShading {
    ColourMap map = ColourMap::viridis;
    HoleColour holes = HoleColour::black;
    std::uint16_t nearest = 0;  // and whatever is nearer has the brightest colour
    std::uint16_t farthest = 65535;
};

// From the 1st to the 99th percentile.
DepthShading shading_for(const DepthRange& range, ColourMap map = ColourMap::viridis);

// Of a share of brightness from 0 to 1, as red, green, blue.
std::array<std::uint8_t, 3> map_colour(ColourMap map, double brightness);

// What was measured is shaded evenly from the nearest, which is brightest, to the farthest.
schemas::Picture picture_from(const DepthFrame& frame, const DepthShading& shading);

}  // namespace storage
