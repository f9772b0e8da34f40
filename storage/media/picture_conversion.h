#pragma once

#include <string>

#include "schemas/picture.h"
#include "storage/media/ffmpeg_ptr.h"
#include "storage/media/video_index.h"

namespace storage {

struct PictureColours {
    ColourMatrix matrix = ColourMatrix::bt709;
    ColourRange range = ColourRange::limited;
    std::string problem;  // the picture is tagged with something else than these
};

// What the picture is tagged with; without a tag BT.709 from 720 lines up, else BT.601, as players do, and
// limited range.
PictureColours colours_of(const AVFrame& picture);

// Upright RGBA of 8 bits; with a limit other than 0 scaled down so that neither side is longer. Throws
// ReadError for a pixel format that cannot be converted.
schemas::Picture converted(const AVFrame& picture, const VideoProperties& properties, int longest_side);

}  // namespace storage
