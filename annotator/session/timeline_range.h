#pragma once

#include "annotator/session/intents.h"
#include "schemas/frame.h"

// Which part of a clip the timeline shows. Pure; `clip` is the clip's span, and lengths on the screen are in points.
namespace annotator {

inline constexpr double widest_frame_points = 60;

double shown_frames_per_point(const TimelineRange& range, schemas::FrameSpan clip);
double first_shown_frame(const TimelineRange& range, schemas::FrameSpan clip);

// Within the clip, neither nearer than widest_frame_points nor farther than the whole clip.
TimelineRange limited(TimelineRange range, schemas::FrameSpan clip);
// The span with some room on both sides.
TimelineRange fitted(const TimelineRange& range, schemas::FrameSpan clip, schemas::FrameSpan span);
// `factor` above 1 comes nearer; the frame `about` stays where it is on the screen.
TimelineRange zoomed(const TimelineRange& range, schemas::FrameSpan clip, double factor, double about);
TimelineRange panned(const TimelineRange& range, schemas::FrameSpan clip, double frames);
// Turned like a page when the frame is out of sight.
TimelineRange showing(const TimelineRange& range, schemas::FrameSpan clip, schemas::FrameIndex frame);

}  // namespace annotator
