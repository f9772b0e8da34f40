#pragma once

#include <optional>
#include <span>
#include <stop_token>
#include <vector>

#include "schemas/frame_measures.h"

namespace inference {

// A video as its measures and the times at which its frames are shown, as many of each.
struct MeasuredVideo {
    std::span<const schemas::FrameMeasures> frames;
    std::span<const double> seconds;  // never decreasing
};

// What one frame of a copy shows.
struct MatchedFrame {
    schemas::FrameIndex original = 0;
    // How sure it is that it is this very frame, 0 to 1: little where nothing moves, because frames
    // are alike there, and 0 where the picture is not in the original.
    float confidence = 0;
};

struct FrameMatching {
    std::vector<MatchedFrame> frames;  // one for each frame of the copy; originals never decrease
    // Medians over the frames. Signatures of a copy differ by less than 16 bits. Thumbnails of a copy differ by less
    // levels (as fourth-power means, after what differs throughout was taken off) than frames that show
    // something else.
    double typical_signature_distance = 0;
    double typical_difference = 0;
};

// How much two frames' thumbnails differ, in luma levels.
double thumbnail_difference(const schemas::LumaThumbnail& a, const schemas::LumaThumbnail& b);

// Finds by content which frame of the original each frame of a copy shows. The copy may be encoded
// again, scaled, brightened, trimmed at both ends or in the middle, play at another rate or speed and
// have lost or doubled frames. It may not be turned, mirrored or cropped.
//
// The cheapest path through all pairs of frames, where a pair costs the difference of its thumbnails
// less what differs throughout, and a step costs how far it is from the time that passes in the copy:
// first through a few frames of the copy and all of the original, then through all frames near that
// path. A confidence is what the cheapest paths through other frames cost more, as a probability.
//
// Thread: any. Empty for an empty video; nullopt when stopped. Throws std::invalid_argument when measures and
// times differ in number.
std::optional<FrameMatching> match_frames(const MeasuredVideo& copy, const MeasuredVideo& original,
                                          std::stop_token stop = {});

}  // namespace inference
