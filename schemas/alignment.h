#pragma once

#include <optional>
#include <vector>

#include "schemas/frame.h"

// Frames are found by their times, in tables of presentation times and nowhere else.
namespace schemas {

// How the clock of a stream runs against that of its take's reference: what the reference shows at its second s,
// the stream shows at s * clock_ratio + offset_seconds. Both count from their own first frame.
struct StreamClock {
    double clock_ratio = 1;
    double offset_seconds = 0;

    bool operator==(const StreamClock&) const = default;
};

// The times of a stream that has none of its own, but a rate. Throws std::invalid_argument for a rate that is not
// valid.
FrameTable evenly_spaced(FrameIndex frames, FrameRate rate);

// The frame whose time is nearest, of two equally near ones the earlier. The table has at least one frame.
FrameIndex nearest_frame(const FrameTable& table, double seconds);

// The frame that is on the screen at that time: the last that has begun, before the first frame the first. The
// table has at least one frame.
FrameIndex shown_frame(const FrameTable& table, double seconds);

// The frame of the other stream that belongs to frame i of the reference; nullopt where the other stream had not
// begun or was over by more than half the time between two of its frames.
std::optional<FrameIndex> aligned_frame(const FrameTable& reference, FrameIndex i, const FrameTable& other,
                                        const StreamClock& clock);

// aligned_frame for each frame of the reference: -1 where the other stream shows none.
std::vector<FrameIndex> aligned_frames(const FrameTable& reference, const FrameTable& other, const StreamClock& clock);

}  // namespace schemas
