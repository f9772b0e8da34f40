#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

namespace schemas {

// 0-based index over the frames that a take's reference stream actually decodes to.
using FrameIndex = std::int64_t;

// Half-open [begin, end) in frames. Valid when 0 <= begin < end.
struct FrameSpan {
    FrameIndex begin = 0;
    FrameIndex end = 0;

    bool operator==(const FrameSpan&) const = default;
    [[nodiscard]] FrameIndex length() const { return end - begin; }
    [[nodiscard]] bool contains(FrameIndex frame) const { return begin <= frame && frame < end; }
};

inline bool is_valid(FrameSpan span) { return 0 <= span.begin && span.begin < span.end; }
inline bool overlap(FrameSpan a, FrameSpan b) { return a.begin < b.end && b.begin < a.end; }
inline FrameIndex shared_frames(FrameSpan a, FrameSpan b) {
    return std::max<FrameIndex>(0, std::min(a.end, b.end) - std::max(a.begin, b.begin));
}

// Frames per second as an exact ratio. Valid when both parts are positive.
struct FrameRate {
    std::int64_t numerator = 0;
    std::int64_t denominator = 1;

    bool operator==(const FrameRate&) const = default;
    [[nodiscard]] double per_second() const {
        return static_cast<double>(numerator) / static_cast<double>(denominator);
    }
};

inline bool is_valid(FrameRate rate) { return rate.numerator > 0 && rate.denominator > 0; }

// The length of a tick of a media clock, in seconds. Valid when both parts are positive.
struct TickLength {
    std::int64_t numerator = 0;
    std::int64_t denominator = 1;

    bool operator==(const TickLength&) const = default;
};

inline bool is_valid(TickLength tick) { return tick.numerator > 0 && tick.denominator > 0; }

// When each frame of a stream is shown, in seconds from the start of the stream; never
// decreasing. `key` marks frames that decode on their own; empty means all do. `ticks` are the
// presentation times (pts) as the file has them, from wherever its clock starts; empty where it
// has none in whole numbers.
struct FrameTable {
    std::vector<double> seconds;
    std::vector<std::uint8_t> key;
    std::vector<std::int64_t> ticks = {};
    TickLength tick = {};

    bool operator==(const FrameTable&) const = default;
    [[nodiscard]] FrameIndex frames() const { return static_cast<FrameIndex>(seconds.size()); }
};

}  // namespace schemas
