#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "schemas/frame.h"

namespace schemas {

// The mean luma, 0 … 255, of equal cells of a picture, row-major.
inline constexpr int thumbnail_side = 24;
using LumaThumbnail = std::array<std::uint8_t, thumbnail_side * thumbnail_side>;

// What is kept of one frame of a video: enough to judge it, to know it again in a copy of the video
// and to tell it from its neighbours. Shares are fractions of 1 of the picture's pixels.
struct FrameMeasures {
    std::uint64_t signature = 0;  // inference/frame_signature.h
    LumaThumbnail thumbnail{};
    float mean_luma = 0;                // 0 … 1
    float dark_share = 0;               // pixels that are clipped to black
    float bright_share = 0;             // pixels that are clipped to white
    float sharpness = 0;                // variance of the Laplacian of the luma, 0 … 255
    float change = 0;                   // mean absolute difference of luma to the frame before, 0 … 1; 0 at the first
    float histogram_change = 0;         // part of the luma histogram that moved since the frame before, 0 … 1
    std::int32_t largest_change = 255;  // of a pixel's luma since the frame before, 0 … 255; 255 at the first
    // How far the picture is dark from its top, bottom, left and right, as shares of its height and width.
    std::array<float, 4> dark_borders{};

    bool operator==(const FrameMeasures&) const = default;
};

// Of every frame of a video. A frame that did not decode has no signature and is listed.
struct MediaMeasures {
    std::vector<FrameMeasures> frames;
    std::vector<FrameIndex> undecodable;  // ascending

    bool operator==(const MediaMeasures&) const = default;
};

}  // namespace schemas
