#include "storage/media/presentation_times.h"

#include <algorithm>
#include <cstddef>

namespace storage {

namespace {

constexpr std::int64_t largest_time = std::int64_t{1} << 61U;  // differences of these cannot overflow

bool is_usable(std::optional<std::int64_t> time) {
    return time.has_value() && -largest_time < *time && *time < largest_time;
}

// The frames of the longest strictly increasing subsequence, by patience sorting.
std::vector<std::size_t> longest_increasing(const std::vector<std::optional<std::int64_t>>& times) {
    std::vector<std::size_t> ends;  // of the best subsequence of each length
    std::vector<std::size_t> before(times.size());
    for (std::size_t frame = 0; frame < times.size(); ++frame) {
        if (!is_usable(times[frame])) continue;
        const auto place =
            std::ranges::lower_bound(ends, *times[frame], {}, [&](std::size_t end) { return *times[end]; });
        before[frame] = place == ends.begin() ? frame : *(place - 1);
        if (place == ends.end())
            ends.push_back(frame);
        else if (*times[frame] < *times[*place])
            *place = frame;
    }
    std::vector<std::size_t> kept(ends.size());
    for (std::size_t rank = ends.size(), frame = ends.empty() ? 0 : ends.back(); rank-- > 0; frame = before[frame])
        kept[rank] = frame;
    return kept;
}

std::int64_t usual_duration(const ShownTimes& shown) {
    std::vector<std::int64_t> known;
    for (const std::int64_t duration : shown.durations)
        if (0 < duration && duration < largest_time / 4096) known.push_back(duration);
    if (known.empty()) return 1;
    std::ranges::nth_element(known, known.begin() + static_cast<std::ptrdiff_t>(known.size() / 2));
    return known[known.size() / 2];
}

std::string described(std::size_t count, std::size_t first, const char* what) {
    return "frame " + std::to_string(first) + (count > 1 ? " and " + std::to_string(count - 1) + " more" : "") + ": " +
           what;
}

// What was wrong with the times that were not kept.
std::vector<std::string> problems_of(const ShownTimes& shown, const std::vector<std::int64_t>& result) {
    std::size_t missing = 0, first_missing = 0, moved = 0, first_moved = 0;
    for (std::size_t frame = 0; frame < result.size(); ++frame) {
        if (!is_usable(shown.pts[frame])) {
            if (missing++ == 0) first_missing = frame;
        } else if (*shown.pts[frame] != result[frame] && moved++ == 0) {
            first_moved = frame;
        }
    }
    std::vector<std::string> problems;
    if (missing == result.size() && missing > 0)
        problems.emplace_back("no frame has a time stamp; they are shown at even distances");
    else if (missing > 0)
        problems.push_back(
            described(missing, first_missing, "no usable time stamp; placed between the frames before and after"));
    if (moved > 0)
        problems.push_back(
            described(moved, first_moved, "the time stamp repeats or runs backwards; moved so that times increase"));
    return problems;
}

}  // namespace

IncreasingTimes increasing_times(const ShownTimes& shown) {
    const std::vector<std::size_t> kept = longest_increasing(shown.pts);
    const std::int64_t step = usual_duration(shown);
    const std::size_t count = shown.pts.size();
    IncreasingTimes times;
    times.pts.resize(count);
    const auto set = [&](std::size_t frame, std::int64_t time) {
        times.pts[frame] = frame == 0 ? time : std::max(time, times.pts[frame - 1] + 1);
    };

    const std::size_t head = kept.empty() ? count : kept.front();
    const std::int64_t head_end = kept.empty() ? static_cast<std::int64_t>(count) * step : *shown.pts[head];
    for (std::size_t frame = 0; frame < head; ++frame)
        set(frame, head_end - static_cast<std::int64_t>(head - frame) * step);
    for (std::size_t place = 0; place < kept.size(); ++place) {
        const std::size_t left = kept[place];
        const bool last = place + 1 == kept.size();
        const std::size_t right = last ? count : kept[place + 1];
        const auto gaps = static_cast<std::int64_t>(right - left);
        const std::int64_t from = *shown.pts[left];
        const std::int64_t room = last ? gaps * step : *shown.pts[right] - from;
        for (std::size_t frame = left; frame < right; ++frame) {
            const auto nth = static_cast<std::int64_t>(frame - left);
            set(frame, from + room / gaps * nth + room % gaps * nth / gaps);
        }
    }
    times.problems = problems_of(shown, times.pts);
    return times;
}

}  // namespace storage
