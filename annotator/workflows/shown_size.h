#pragma once

#include <cstdint>

namespace annotator {

struct PictureSize {
    int width = 0;
    int height = 0;

    bool operator==(const PictureSize&) const = default;
};

// The size with square pixels at which a picture is as wide as it is meant to look: `upright` is its size after the
// rotation, the aspect that of a stored pixel, width over height. The side that is too short grows.
PictureSize shown_size(PictureSize upright, std::int64_t rotation_degrees, std::int64_t aspect_numerator,
                       std::int64_t aspect_denominator);

enum class Enlarge { never, allowed };

// The size with that many pixels on the shorter side and the same proportions, both sides even, as codecs need
// them. A smaller picture keeps its size, but for the evenness, unless it may be enlarged.
PictureSize standard_size(PictureSize shown, int lines, Enlarge enlarge);

}  // namespace annotator
