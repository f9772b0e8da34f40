#pragma once

#include "annotator/views/view_context.h"

namespace annotator {

// The newest job of that kind that is not over; nullptr where there is none.
const JobView* open_job(const EditorState& state, JobKind kind);

// "Training · 43 % · 1:07", or how it ended.
std::string progress_text(const JobView& job);

// How far it has come, with buttons to pause and cancel it. Fills `width`; two lines high.
void draw_job_progress(const ViewContext& context, const JobView& job, float width);

// The button that starts the work, or its progress while it runs.
template <class Wanted>
void draw_job_or_button(const ViewContext& context, JobKind kind, const char* text, float width, Wanted wanted) {
    if (const JobView* job = open_job(context.state(), kind))
        draw_job_progress(context, *job, width);
    else if (ImGui::Button(text, {width, 0}))
        context.outbox.send(std::move(wanted));
}

}  // namespace annotator
