#pragma once

#include <array>
#include <optional>
#include <span>
#include <vector>

#include "inference/luma_picture.h"
#include "schemas/frame_measures.h"
#include "schemas/picture.h"

namespace inference {

// Measures are taken of pictures that are scaled so that no side is longer; sharpness means what it
// says only at this scale.
inline constexpr int measured_longest_side = 320;

// Measures the frames of a video one after the other, each against the one before.
//
// Thread: one. Throws std::invalid_argument for an empty picture.
class FrameMeasurer {
public:
    schemas::FrameMeasures measure(const schemas::Picture& picture);

private:
    LumaPicture before_;
    std::array<float, 32> histogram_before_{};
};

// The frames that begin a new shot, ascending: what changes there is far beyond what changes at the frames
// around, and it does not come back as after a flash.
std::vector<schemas::FrameIndex> cuts(std::span<const schemas::FrameMeasures> frames);

// Runs of frames that show the picture before them once more while all around there is motion:
// a camera that lost frames and filled the gap. Still scenes are none.
std::vector<schemas::FrameSpan> repeated_frames(std::span<const schemas::FrameMeasures> frames);

// Bars that stay dark over the clip, as shares of its height and width.
struct Letterbox {
    float top = 0, bottom = 0, left = 0, right = 0;

    bool operator==(const Letterbox&) const = default;
};
Letterbox letterbox(std::span<const schemas::FrameMeasures> frames);

// A pause between two frames that is too long for their neighbours.
struct TimeGap {
    schemas::FrameIndex after = 0;    // the frame before the pause
    schemas::FrameIndex missing = 0;  // frames that would have fitted, at least 1

    bool operator==(const TimeGap&) const = default;
};
struct FrameTiming {
    double median_interval_seconds = 0;  // 0 where there are fewer than two frames
    std::vector<TimeGap> gaps;
};
// `seconds` are the times of presentation. A pause is a gap from 1.75 of the median interval on.
FrameTiming frame_timing(std::span<const double> seconds);

// The runs of at least `shortest` frames for which `holds` is true.
template <class Row, class Holds>
std::vector<schemas::FrameSpan> passages(std::span<const Row> frames, schemas::FrameIndex shortest, Holds&& holds) {
    std::vector<schemas::FrameSpan> found;
    schemas::FrameSpan run;
    for (const Row& frame : frames) {
        if (holds(frame)) {
            ++run.end;
            continue;
        }
        if (run.length() >= shortest && run.length() > 0) found.push_back(run);
        run.begin = ++run.end;
    }
    if (run.length() >= shortest && run.length() > 0) found.push_back(run);
    return found;
}

}  // namespace inference
