#include "annotator/views/job_progress.h"

#include <algorithm>

#include "annotator/widgets/page.h"

namespace annotator {

namespace {

const char* word_of(WorkState state) {
    switch (state) {
        case WorkState::waiting:
            return "Waiting";
        case WorkState::running:
            return "Running";
        case WorkState::paused:
            return "Paused";
        case WorkState::stopping:
            return "Stopping";
        case WorkState::done:
            return "Done";
        case WorkState::stopped:
            return "Cancelled";
        case WorkState::failed:
            return "Failed";
    }
    return "";
}

double share_of(const JobView& job) {
    return job.progress.total > 0 ? std::clamp(job.progress.done / job.progress.total, 0.0, 1.0) : 0;
}

}  // namespace

const JobView* open_job(const EditorState& state, JobKind kind) {
    const auto found =
        std::ranges::find_if(state.jobs, [&](const JobView& job) { return job.kind == kind && !is_over(job.state); });
    return found == state.jobs.end() ? nullptr : &*found;
}

std::string progress_text(const JobView& job) {
    std::string text = word_of(job.state);
    if (job.state == WorkState::running && !job.progress.doing.empty()) text = job.progress.doing;
    if (!is_over(job.state) && job.progress.total > 0) text += " · " + percent_text(share_of(job));
    if (job.seconds > 0) text += " · " + duration_text(job.seconds);
    return text;
}

void draw_job_progress(const ViewContext& context, const JobView& job, float width) {
    const Theme& theme = context.theme;
    ImGui::PushID(static_cast<int>(job.id));
    ImGui::BeginGroup();
    ImGui::PushFont(theme.small);
    text_within(progress_text(job), width);
    const float button = ImGui::CalcTextSize("Cancel").x + theme.px(16);
    const bool can_pause = job.state == WorkState::running || job.state == WorkState::paused;
    const float pause = can_pause ? ImGui::CalcTextSize("Resume").x + theme.px(16) : 0;
    const float gap = ImGui::GetStyle().ItemSpacing.x;
    const float bar = std::max(theme.px(20), width - button - gap - (can_pause ? pause + gap : 0));
    const float high = theme.px(8), line = ImGui::GetFrameHeight();
    ImGui::SetCursorPosY(ImGui::GetCursorPosY() + (line - high) / 2);
    share_bar(theme, share_of(job), {bar, high}, job.state == WorkState::paused ? theme.faint_text : theme.accent);
    ImGui::SameLine();
    ImGui::SetCursorPosY(ImGui::GetCursorPosY() - (line - high) / 2);
    if (can_pause) {
        const bool running = job.state == WorkState::running;
        if (ImGui::Button(running ? "Pause" : "Resume", {pause, 0})) {
            if (running)
                context.outbox.send(PauseJob{job.id});
            else
                context.outbox.send(ResumeJob{job.id});
        }
        ImGui::SameLine();
    }
    ImGui::BeginDisabled(job.state == WorkState::stopping);
    if (ImGui::Button("Cancel", {button, 0})) context.outbox.send(CancelJob{job.id});
    context.mark(Action::cancel_job);
    ImGui::EndDisabled();
    ImGui::PopFont();
    ImGui::EndGroup();
    ImGui::PopID();
}

}  // namespace annotator
