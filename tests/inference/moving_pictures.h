#pragma once

#include <vector>

#include "schemas/frame_measures.h"
#include "schemas/picture.h"

// Pictures of a figure that moves in front of a patterned wall, at any time and size, so that a frame of a
// copy is known by construction.
namespace inference_tests {

struct Rendering {
    int width = 160;
    int height = 90;
    double gain = 1, lift = 0;  // of all levels: brighter or darker than the original
    double gamma = 1;           // of all levels, before that
    int noise = 0;              // levels added or taken at random, pixel by pixel
    int scene = 0;              // another wall and another figure
};

// `seconds` says where the figure is; it never comes back to the same place.
schemas::Picture moving_picture(double seconds, const Rendering& rendering = {}, unsigned seed = 0);

schemas::Picture grey_picture(int width, int height, int level);

std::vector<schemas::FrameMeasures> measures_of(const std::vector<schemas::Picture>& pictures);

// The figure at each of these times.
std::vector<schemas::FrameMeasures> measures_at(const std::vector<double>& seconds, const Rendering& rendering = {});

}  // namespace inference_tests
