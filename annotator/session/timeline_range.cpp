#include "annotator/session/timeline_range.h"

#include <algorithm>

namespace annotator {

namespace {

constexpr double points_before_it_is_drawn = 1000;

double points_of(const TimelineRange& range) { return range.points > 0 ? range.points : points_before_it_is_drawn; }

double whole_clip(const TimelineRange& range, schemas::FrameSpan clip) {
    return static_cast<double>(std::max<schemas::FrameIndex>(clip.length(), 1)) / points_of(range);
}

}  // namespace

double shown_frames_per_point(const TimelineRange& range, schemas::FrameSpan clip) {
    return range.frames_per_point > 0 ? range.frames_per_point : whole_clip(range, clip);
}

double first_shown_frame(const TimelineRange& range, schemas::FrameSpan clip) {
    return range.frames_per_point > 0 ? range.first_frame : static_cast<double>(clip.begin);
}

TimelineRange limited(TimelineRange range, schemas::FrameSpan clip) {
    const double farthest = whole_clip(range, clip);
    if (range.frames_per_point <= 0 || range.frames_per_point >= farthest)
        return {static_cast<double>(clip.begin), 0, range.points};
    range.frames_per_point = std::max(range.frames_per_point, std::min(farthest, 1 / widest_frame_points));
    const double last = static_cast<double>(clip.end) - points_of(range) * range.frames_per_point;
    range.first_frame = std::max(std::min(range.first_frame, last), static_cast<double>(clip.begin));
    return range;
}

TimelineRange fitted(const TimelineRange& range, schemas::FrameSpan clip, schemas::FrameSpan span) {
    constexpr double room = 0.1;  // of the timeline on either side
    const double frames = static_cast<double>(std::max<schemas::FrameIndex>(span.length(), 1));
    const double per_point = std::max(frames / (1 - 2 * room) / points_of(range), 1 / widest_frame_points);
    const double middle = static_cast<double>(span.begin) + frames / 2;
    return limited({middle - per_point * points_of(range) / 2, per_point, range.points}, clip);
}

TimelineRange zoomed(const TimelineRange& range, schemas::FrameSpan clip, double factor, double about) {
    const double before = shown_frames_per_point(range, clip);
    const double nearest = std::min(whole_clip(range, clip), 1 / widest_frame_points);
    const double after = std::max(before / factor, nearest);
    const double first = about - (about - first_shown_frame(range, clip)) / before * after;
    return limited({first, after, range.points}, clip);
}

TimelineRange panned(const TimelineRange& range, schemas::FrameSpan clip, double frames) {
    if (range.frames_per_point <= 0) return range;
    return limited({range.first_frame + frames, range.frames_per_point, range.points}, clip);
}

TimelineRange showing(const TimelineRange& range, schemas::FrameSpan clip, schemas::FrameIndex frame) {
    if (range.frames_per_point <= 0) return range;
    const double shown = points_of(range) * range.frames_per_point;
    const auto at = static_cast<double>(frame);
    if (at >= range.first_frame && at + 1 <= range.first_frame + shown) return range;
    const double ahead = at < range.first_frame ? 0.9 : 0.1;  // of what is shown lies before the frame
    return limited({at - ahead * shown, range.frames_per_point, range.points}, clip);
}

}  // namespace annotator
