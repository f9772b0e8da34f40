#pragma once

#include "annotator/session/labelled_share.h"
#include "annotator/views/view_context.h"

namespace annotator {

// The line at the bottom: saved, jobs with progress, sound, budget, your hour; and notices above it. Fills the ImGui
// window that is open.
//
// Thread: the UI's.
class StatusView {
public:
    void draw(const ViewContext& context);

private:
    void draw_saved(const ViewContext& context);
    void draw_job(const ViewContext& context);
    void draw_work_done(const ViewContext& context);
    void draw_notices(const ViewContext& context, ImVec2 bottom_right);

    LabelledShare labelled_;
};

}  // namespace annotator
