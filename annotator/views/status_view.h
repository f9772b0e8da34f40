#pragma once

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

    double labelled_ = 0;  // of this revision and track
    std::uint64_t revision_ = 0;
    std::optional<Line> track_;
};

}  // namespace annotator
