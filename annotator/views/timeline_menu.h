#pragma once

#include "annotator/views/timeline_hit.h"

namespace annotator {

// The menu of the right mouse button. It speaks of what was under the mouse when it was opened.
//
// Thread: the UI's.
class TimelineMenu {
public:
    void open(const TimelineHit& hit, schemas::FrameIndex frame);
    void draw(const ViewContext& context);

private:
    void of_segment(const ViewContext& context);
    void of_proposal(const ViewContext& context);
    void of_comment(const ViewContext& context);
    void of_ground(const ViewContext& context);

    RowKind row_ = RowKind::labels;
    Line line_;
    std::int64_t item_ = 0;
    schemas::KeyPoseId pose_{};
    schemas::CommentId comment_{};
    schemas::FrameIndex frame_ = 0;
    bool opens_ = false;
};

}  // namespace annotator
