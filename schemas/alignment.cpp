#include "schemas/alignment.h"

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <stdexcept>

namespace schemas {

FrameTable evenly_spaced(FrameIndex frames, FrameRate rate) {
    if (!is_valid(rate)) throw std::invalid_argument("a stream without times needs a frame rate");
    FrameTable table;
    table.seconds.reserve(static_cast<std::size_t>(frames));
    for (FrameIndex i = 0; i < frames; ++i) table.seconds.push_back(static_cast<double>(i) / rate.per_second());
    return table;
}

FrameIndex nearest_frame(const FrameTable& table, double seconds) {
    const auto begin = table.seconds.begin(), end = table.seconds.end();
    const auto after = std::lower_bound(begin, end, seconds);
    if (after == begin) return 0;
    const auto before = std::prev(after);
    const bool later_is_nearer = after != end && *after - seconds < seconds - *before;
    // Of frames with one time the first.
    const auto nearest = later_is_nearer ? after : std::lower_bound(begin, end, *before);
    return nearest - begin;
}

FrameIndex shown_frame(const FrameTable& table, double seconds) {
    const auto after = std::upper_bound(table.seconds.begin(), table.seconds.end(), seconds);
    return std::max<FrameIndex>(0, after - table.seconds.begin() - 1);
}

std::optional<FrameIndex> aligned_frame(const FrameTable& reference, FrameIndex i, const FrameTable& other,
                                        const StreamClock& clock) {
    const double seconds = reference.seconds.at(static_cast<std::size_t>(i)) * clock.clock_ratio + clock.offset_seconds;
    const std::vector<double>& times = other.seconds;
    const double half_a_frame =
        times.size() < 2 ? 0 : (times.back() - times.front()) / static_cast<double>(times.size() - 1) / 2;
    // The slack is for times that are equal but for rounding.
    constexpr double slack = 1e-9;
    if (times.empty() || seconds < times.front() - half_a_frame - slack ||
        seconds > times.back() + half_a_frame + slack)
        return std::nullopt;
    return nearest_frame(other, seconds);
}

std::vector<FrameIndex> aligned_frames(const FrameTable& reference, const FrameTable& other, const StreamClock& clock) {
    std::vector<FrameIndex> frames;
    frames.reserve(reference.seconds.size());
    for (FrameIndex i = 0; i < reference.frames(); ++i)
        frames.push_back(aligned_frame(reference, i, other, clock).value_or(-1));
    return frames;
}

}  // namespace schemas
