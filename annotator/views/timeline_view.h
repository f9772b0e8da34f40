#pragma once

#include <optional>

#include "annotator/views/timeline_content.h"
#include "annotator/views/timeline_drag.h"
#include "annotator/views/timeline_menu.h"
#include "annotator/views/view_context.h"

namespace annotator {

// The timeline: ruler, sound, curves, proposals, labels, key poses and comments of the clip that is shown.
// Fills the ImGui window that is open.
//
// Thread: the UI's.
class TimelineView {
public:
    void draw(const ViewContext& context);

private:
    void draw_bar(const ViewContext& context);
    void draw_empty(const ViewContext& context, const char* sentence);
    void draw_ruler(const ViewContext& context);
    void draw_rows(const ViewContext& context);
    void draw_film_strip(const ViewContext& context);
    void draw_hover(const ViewContext& context, const TimelineHit& hit);

    void find_scale(const ViewContext& context);
    void follow_playhead(const ViewContext& context);
    void take_wheel(const ViewContext& context, bool over_headers);
    void take_ruler_mouse(const ViewContext& context);
    void take_rows_mouse(const ViewContext& context);
    void press(const ViewContext& context, const TimelineHit& hit);
    void select(const ViewContext& context, const TimelineHit& hit);
    void go_on_dragging(const ViewContext& context);
    void end_press(const ViewContext& context);
    [[nodiscard]] TimelineHit hit_under_mouse(const ViewContext& context) const;
    [[nodiscard]] schemas::FrameIndex frame_under_mouse(const ViewContext& context) const;
    void go_under_mouse(const ViewContext& context) const;
    void send_range(const ViewContext& context, const TimelineRange& range);

    static constexpr float ruler_points = 24;

    TimelineContent content_;
    TimelineDrag drag_;
    TimelineMenu menu_;
    TimeScale scale_;
    TimelineRange range_;   // as this frame shows it
    float rows_top_ = 0;    // of the first row, scrolled, in pixels
    float rows_begin_ = 0;  // where rows are in sight, in pixels
    float rows_end_ = 0;
    float header_left_ = 0;
    double pressed_at_ = 0;  // pixel
    bool pressed_on_ground_ = false;
    std::optional<Line> pressed_line_;  // whose ground that is
    schemas::FrameIndex followed_frame_ = -1;
};

}  // namespace annotator
