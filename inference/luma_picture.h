#pragma once

#include <cstdint>
#include <vector>

#include "schemas/picture.h"

namespace inference {

// Luma of 8 bits with the weights of BT.709, row-major from the top left.
struct LumaPicture {
    int width = 0;
    int height = 0;
    std::vector<std::uint8_t> luma;
};

// Transparent parts are shown on black.
LumaPicture luma_from(const schemas::Picture& picture);

// The mean over each of columns x rows equal cells, row-major; pixels on the border of two
// cells count for both by the area that they share. The picture must not be empty.
std::vector<float> cell_means(const LumaPicture& picture, int columns, int rows);

}  // namespace inference
