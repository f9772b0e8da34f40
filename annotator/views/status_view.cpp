#include "annotator/views/status_view.h"

#include <algorithm>

#include "annotator/document/queries.h"
#include "annotator/document/taxonomy_commands.h"
#include "annotator/widgets/icons.h"
#include "annotator/widgets/page.h"

namespace annotator {

namespace {

// Older ones come to light when newer ones go.
constexpr std::size_t most_notices = 4;
constexpr float notice_points = 380;

struct Look {
    Icon icon;
    ImU32 colour;
};

Look look_of(Notice::Severity severity, const Theme& theme) {
    switch (severity) {
        case Notice::Severity::error:
            return {Icon::error, theme.error};
        case Notice::Severity::warning:
            return {Icon::warning, theme.warning};
        default:
            return {Icon::info, theme.accent};
    }
}

// A notice as a window of its own; returns where its upper edge is. True in `dismissed` when it was clicked away.
float draw_notice(const Theme& theme, std::size_t index, const Notice& notice, ImVec2 bottom_right, bool& dismissed) {
    const Look look = look_of(notice.severity, theme);
    const float wide = std::min(theme.px(notice_points), ImGui::GetMainViewport()->Size.x - theme.px(24));
    ImGui::SetNextWindowPos(bottom_right, ImGuiCond_Always, {1, 1});
    ImGui::SetNextWindowSize({wide, 0});
    ImGui::PushStyleVar(ImGuiStyleVar_WindowRounding, theme.px(6));
    ImGui::PushStyleVar(ImGuiStyleVar_WindowBorderSize, std::max(1.0F, theme.px(1)));
    ImGui::PushStyleColor(ImGuiCol_WindowBg, theme.raised);
    ImGui::PushStyleColor(ImGuiCol_Border, with_alpha(look.colour, 0.7F));
    const std::string name = "notice " + std::to_string(index);
    ImGui::Begin(name.c_str(), nullptr,
                 ImGuiWindowFlags_NoDecoration | ImGuiWindowFlags_NoMove | ImGuiWindowFlags_NoSavedSettings |
                     ImGuiWindowFlags_NoFocusOnAppearing | ImGuiWindowFlags_NoNav);
    icon(look.icon, look.colour);
    ImGui::SameLine();
    ImGui::PushTextWrapPos(wide - theme.px(34));
    ImGui::TextUnformatted(notice.text.c_str());
    ImGui::PopTextWrapPos();
    const ImVec2 from = ImGui::GetWindowPos();
    const ImVec2 cross{from.x + wide - theme.px(18), from.y + theme.px(18)};
    ImGui::SetCursorScreenPos({cross.x - theme.px(10), cross.y - theme.px(10)});
    dismissed = ImGui::InvisibleButton("dismiss", {theme.px(20), theme.px(20)});
    draw_icon(*ImGui::GetWindowDrawList(), Icon::close, cross, theme.px(11),
              ImGui::IsItemHovered() ? theme.text : theme.faint_text);
    ImGui::End();
    ImGui::PopStyleColor(2);
    ImGui::PopStyleVar(2);
    return from.y;
}

}  // namespace

void StatusView::draw_saved(const ViewContext& context) {
    const Theme& theme = context.theme;
    const bool writable = context.model().read_only_because.empty();
    icon(writable ? Icon::check : Icon::lock, writable ? theme.good : theme.warning);
    ImGui::SameLine(0, theme.px(4));
    ImGui::TextDisabled(writable ? "Saved" : "Read only");
    if (ImGui::IsItemHovered())
        ImGui::SetTooltip(
            "%s", writable ? "Every change is saved as it is made." : context.model().read_only_because.c_str());
    if (const std::string problem = context.bench.playback().sound_problem(); !problem.empty()) {
        ImGui::SameLine(0, theme.px(18));
        icon(Icon::sound_off, theme.warning);
        if (ImGui::IsItemHovered()) ImGui::SetTooltip("%s", problem.c_str());
        ImGui::SameLine(0, theme.px(4));
        ImGui::TextDisabled("No sound");
    }
}

void StatusView::draw_job(const ViewContext& context) {
    const Theme& theme = context.theme;
    const auto& jobs = context.state().jobs;
    auto job = std::ranges::find_if(
        jobs, [](const JobView& view) { return !is_over(view.state) && view.state != WorkState::waiting; });
    if (job == jobs.end()) job = std::ranges::find(jobs, WorkState::waiting, &JobView::state);
    if (job == jobs.end()) return;
    ImGui::SameLine(0, theme.px(18));
    const std::string text = job->progress.doing.empty() ? job->title : job->title + ": " + job->progress.doing;
    ImGui::TextUnformatted(text.c_str());
    ImGui::SameLine(0, theme.px(8));
    const double share = job->progress.total > 0 ? job->progress.done / job->progress.total : 0;
    share_bar(theme, share, {theme.px(120), ImGui::GetTextLineHeight()}, theme.accent);
    ImGui::SameLine(0, theme.px(8));
    ImGui::PushStyleVar(ImGuiStyleVar_FramePadding, {theme.px(6), 0});
    if (job->state == WorkState::stopping)
        ImGui::TextDisabled("Stopping");
    else if (ImGui::Button("Cancel"))
        context.outbox.send(CancelJob{job->id});
    ImGui::PopStyleVar();
    const auto waiting = std::ranges::count_if(jobs, [](const JobView& view) { return !is_over(view.state); }) - 1;
    if (waiting == 0) return;
    ImGui::SameLine(0, theme.px(8));
    ImGui::TextDisabled("and %td more", waiting);
}

void StatusView::draw_work_done(const ViewContext& context) {
    const Theme& theme = context.theme;
    const EditorModel& model = context.model();
    const schemas::Track* track = model.track();
    if (track == nullptr) track = track_of_kind(model.document(), schemas::TrackKind::category);
    const double labelled = track != nullptr ? labelled_.of(model, track->id) : 0;
    const std::string budget = percent_text(labelled) + " labelled of a budget of " + percent_text(model.output.budget);
    const std::string hour = model.your_hour();
    const float bar = theme.px(90), gap = theme.px(18);
    float width = ImGui::CalcTextSize(budget.c_str()).x + bar + theme.px(8);
    if (!hour.empty()) width += ImGui::CalcTextSize(hour.c_str()).x + gap;
    const float left = ImGui::GetContentRegionMax().x - width;
    ImGui::SameLine();
    if (ImGui::GetCursorPosX() > left) return ImGui::NewLine();
    ImGui::SameLine(left);
    if (!hour.empty()) {
        ImGui::TextDisabled("%s", hour.c_str());
        ImGui::SameLine(0, gap);
    }
    const double target = std::max(0.01, model.output.budget);
    share_bar(theme, std::min(1.0, labelled / target), {bar, ImGui::GetTextLineHeight()}, theme.good);
    ImGui::SameLine(0, theme.px(8));
    ImGui::TextDisabled("%s", budget.c_str());
}

void StatusView::draw_notices(const ViewContext& context, ImVec2 bottom_right) {
    const auto& notices = context.state().notices;
    const std::size_t first = notices.size() > most_notices ? notices.size() - most_notices : 0;
    for (std::size_t i = notices.size(); i-- > first;) {
        bool dismissed = false;
        bottom_right.y = draw_notice(context.theme, i, notices[i], bottom_right, dismissed) - context.theme.px(8);
        if (dismissed) context.outbox.send(DismissNotice{i});
    }
}

void StatusView::draw(const ViewContext& context) {
    const Theme& theme = context.theme;
    const ImVec2 at = ImGui::GetCursorScreenPos();
    ImGui::PushFont(theme.small);
    ImGui::Dummy({0, theme.px(1)});
    draw_saved(context);
    draw_job(context);
    draw_work_done(context);
    ImGui::PopFont();
    const ImGuiViewport& screen = *ImGui::GetMainViewport();
    draw_notices(context, {screen.Pos.x + screen.Size.x - theme.px(12), at.y - theme.px(8)});
}

}  // namespace annotator
