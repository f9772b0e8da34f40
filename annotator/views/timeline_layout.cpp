#include "annotator/views/timeline_layout.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>

namespace annotator {

namespace {

using schemas::FrameIndex;

// Pixels come back with a rounding error far below what a frame is ever wide.
constexpr double rounding = 1e-6;
constexpr int most_lanes = 4;

}  // namespace

double pixel_from_frame(const TimeScale& scale, double frame) {
    return scale.left + (frame - scale.first_frame) / scale.frames_per_pixel;
}

FrameIndex frame_from_pixel(const TimeScale& scale, double pixel) {
    return static_cast<FrameIndex>(
        std::floor(scale.first_frame + (pixel - scale.left) * scale.frames_per_pixel + rounding));
}

FrameIndex boundary_from_pixel(const TimeScale& scale, double pixel) {
    return static_cast<FrameIndex>(std::floor(scale.first_frame + (pixel - scale.left) * scale.frames_per_pixel + 0.5));
}

TimelineItems::TimelineItems(std::vector<TimelineItem> items, Overlaps overlaps) : items_(std::move(items)) {
    const int lanes = overlaps == Overlaps::on_top ? 1 : most_lanes;
    std::array<FrameIndex, most_lanes> lane_ends{};
    lane_ends.fill(std::numeric_limits<FrameIndex>::min());
    latest_end_.reserve(items_.size());
    covered_.reserve(items_.size() + 1);
    covered_.push_back(0);
    for (TimelineItem& item : items_) {
        item.lane = 0;
        while (item.lane + 1 < lanes && lane_ends[item.lane] > item.begin) ++item.lane;
        lane_ends[item.lane] = std::max(lane_ends[item.lane], item.end);
        lanes_ = std::max(lanes_, item.lane + 1);
        latest_end_.push_back(latest_end_.empty() ? item.end : std::max(latest_end_.back(), item.end));
        covered_.push_back(covered_.back() + item.end - item.begin);
    }
}

TimelineItems::Range TimelineItems::within(double begin, double end) const {
    const auto first =
        std::ranges::partition_point(latest_end_, [&](FrameIndex last) { return static_cast<double>(last) <= begin; });
    const auto last = std::ranges::partition_point(
        items_, [&](const TimelineItem& item) { return static_cast<double>(item.begin) < end; });
    const auto from = static_cast<std::size_t>(first - latest_end_.begin());
    return {from, std::max(from, static_cast<std::size_t>(last - items_.begin()))};
}

const TimelineItem* TimelineItems::at(FrameIndex frame, int lane) const {
    const Range range = within(static_cast<double>(frame), static_cast<double>(frame) + 1);
    const TimelineItem* found = nullptr;
    for (std::size_t i = range.first; i < range.last; ++i) {
        const TimelineItem& item = items_[i];
        if (frame < item.begin || frame >= item.end) continue;
        if (item.lane == lane) return &item;
        found = &item;
    }
    return found;
}

void fold(const TimelineItems& items, const TimeScale& scale, double least, std::vector<TimelinePiece>& pieces) {
    const double last_frame = scale.first_frame + (scale.right - scale.left) * scale.frames_per_pixel;
    const auto range = items.within(scale.first_frame, last_frame);
    const auto& all = items.all();
    const auto inside = [&](double pixel) { return std::clamp(pixel, scale.left, scale.right); };
    const double least_frames = least * scale.frames_per_pixel;
    for (std::size_t i = range.first; i < range.last;) {
        const TimelineItem& item = all[i];
        // Of those that overlap, what is over before may stand behind what is not.
        if (static_cast<double>(item.end) <= scale.first_frame) {
            ++i;
            continue;
        }
        const double left = pixel_from_frame(scale, static_cast<double>(item.begin));
        const auto is_wide = [&](const TimelineItem& each) {
            return static_cast<double>(each.end - each.begin) >= least_frames;
        };
        if (is_wide(item)) {
            pieces.push_back({inside(left), inside(pixel_from_frame(scale, static_cast<double>(item.end))), i, 1, 1});
            ++i;
            continue;
        }
        // All that begin within the bar, but for a wide one that stays alone.
        const double bar_end = static_cast<double>(item.begin) + least_frames;
        const auto behind = std::partition_point(
            all.begin() + static_cast<std::ptrdiff_t>(i), all.begin() + static_cast<std::ptrdiff_t>(range.last),
            [&](const TimelineItem& each) { return static_cast<double>(each.begin) < bar_end; });
        auto next = static_cast<std::size_t>(behind - all.begin());
        if (next > i + 1 && is_wide(all[next - 1])) --next;
        const auto covered = static_cast<double>(items.covered_before(next) - items.covered_before(i));
        pieces.push_back({inside(left), inside(left + least), i, next - i,
                          static_cast<float>(std::min(1.0, covered / std::max(least_frames, 1.0)))});
        i = next;
    }
}

double value_at(std::span<const double> values, double frame) {
    const double inside = std::clamp(frame, 0.0, static_cast<double>(values.size()));
    const auto below = std::min(static_cast<std::size_t>(inside), values.size() > 1 ? values.size() - 2 : 0);
    const double next = values.size() > 1 ? values[below + 1] : values[below];
    return values[below] + (next - values[below]) * (inside - static_cast<double>(below));
}

double height_of(RowKind kind) {
    switch (kind) {
        case RowKind::sound:
            return 40;
        case RowKind::motion:
        case RowKind::probability:
            return 26;
        case RowKind::proposals:
            return 22;
        case RowKind::labels:
            return 30;
        case RowKind::others:
        case RowKind::comments:
            return 18;
        case RowKind::key_poses:
            return 24;
    }
    return 0;
}

double stack_rows(std::vector<TimelineRow>& rows) {
    constexpr double gap = 2;
    double top = 0;
    for (TimelineRow& row : rows) {
        row.top = top;
        row.height = height_of(row.kind);
        top += row.height + gap;
    }
    return top;
}

const TimelineRow* row_at(std::span<const TimelineRow> rows, double points) {
    const auto found =
        std::ranges::partition_point(rows, [&](const TimelineRow& row) { return row.top + row.height <= points; });
    return found == rows.end() || points < found->top ? nullptr : &*found;
}

std::vector<RulerMark> ruler_marks(const TimeScale& scale, schemas::FrameSpan clip, double apart) {
    FrameIndex step = 1;
    for (const double wanted = apart * scale.frames_per_pixel; static_cast<double>(step) < wanted;) {
        // 1 2 5 10 20 50 …
        FrameIndex lead = step;
        while (lead >= 10) lead /= 10;
        step = lead == 2 ? step / 2 * 5 : step * 2;
    }
    const FrameIndex fine = step % 5 == 0 ? step / 5 : std::max<FrameIndex>(1, step / 2);
    std::vector<RulerMark> marks;
    const FrameIndex begin = std::max(clip.begin, frame_from_pixel(scale, scale.left));
    const FrameIndex end = std::min(clip.end, frame_from_pixel(scale, scale.right) + 1);
    for (FrameIndex frame = (begin + fine - 1) / fine * fine; frame < end; frame += fine)
        marks.push_back({frame, pixel_from_frame(scale, static_cast<double>(frame)), frame % step == 0});
    return marks;
}

}  // namespace annotator
