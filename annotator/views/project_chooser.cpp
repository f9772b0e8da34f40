#include "annotator/views/project_chooser.h"

#include <imgui_stdlib.h>

#include <algorithm>

#include "annotator/widgets/icons.h"
#include "annotator/widgets/short_text.h"

namespace annotator {

bool draw_recent_projects(const ShellContext& context, float width) {
    const Theme& theme = context.theme;
    int index = 0;
    for (const std::string& project : context.settings.recent_projects) {
        const std::filesystem::path path = project;
        const std::string name = path.filename().string(), where = path.parent_path().string();
        const ImVec2 at = ImGui::GetCursorScreenPos();
        const float high = theme.px(recent_project_points);
        ImGui::PushID(index++);
        const bool clicked = ImGui::InvisibleButton("project", {width, high});
        context.mark("project " + name);
        ImGui::PopID();
        ImDrawList& list = *ImGui::GetWindowDrawList();
        const bool hovered = ImGui::IsItemHovered();
        if (hovered) {
            ImGui::SetMouseCursor(ImGuiMouseCursor_Hand);
            list.AddRectFilled(at, {at.x + width, at.y + high}, mixed(theme.panel, theme.accent, 0.2F), theme.px(6));
        }
        draw_icon(list, Icon::project, {at.x + theme.px(20), at.y + high / 2}, theme.px(18), theme.accent);
        const float left = at.x + theme.px(42), wide = width - theme.px(50);
        clipped_text(list, {left, at.y + theme.px(5)}, wide, theme.text, name);
        ImGui::PushFont(theme.small);
        clipped_text(list, {left, at.y + theme.px(24)}, wide, hovered ? theme.text : theme.faint_text, where);
        ImGui::PopFont();
        if (clicked) context.outbox.send(OpenProject{path});
    }
    return index > 0;
}

void ProjectChooser::draw_recent(const ShellContext& context, float width) {
    ImGui::BeginChild("recent", {width, 0});
    ImGui::PushStyleVar(ImGuiStyleVar_ItemSpacing, {0, 0});
    if (!draw_recent_projects(context, ImGui::GetContentRegionAvail().x)) ImGui::TextDisabled("No project yet.");
    ImGui::PopStyleVar();
    ImGui::EndChild();
}

void ProjectChooser::draw(const ShellContext& context) {
    const Theme& theme = context.theme;
    const ImVec2 room = ImGui::GetContentRegionAvail();
    const bool wide = room.x > theme.px(560);
    if (wide) {
        draw_recent(context, theme.px(230));
        ImGui::SameLine(0, theme.px(14));
    }
    ImGui::BeginChild("folders");
    const float line = ImGui::GetFrameHeightWithSpacing() + theme.px(4);
    browser_.draw(theme, ImGui::GetContentRegionAvail().y - line);
    if (const auto project = browser_.take_project(); !project.empty()) context.outbox.send(OpenProject{project});
    const auto chosen = browser_.chosen();
    const bool can_open = !chosen.empty() && is_project(chosen.front());
    ImGui::BeginDisabled(!can_open);
    const bool clicked = ImGui::Button("Open");
    ImGui::EndDisabled();
    if (const bool confirmed = browser_.take_confirmed(); can_open && (clicked || confirmed))
        context.outbox.send(OpenProject{chosen.front()});
    ImGui::SameLine(0, theme.px(20));
    draw_new(context);
    ImGui::EndChild();
}

void ProjectChooser::draw_new(const ShellContext& context) {
    const Theme& theme = context.theme;
    ImGui::SetNextItemWidth(std::max(theme.px(80), ImGui::GetContentRegionAvail().x - theme.px(130)));
    const bool entered = ImGui::InputTextWithHint("##name", "Name of a new project, made in this folder", &name_,
                                                  ImGuiInputTextFlags_EnterReturnsTrue);
    context.mark("project name");
    if (entered) ImGui::SetKeyboardFocusHere(-1);  // as long as there is no project
    ImGui::SameLine();
    ImGui::BeginDisabled(name_.empty());
    const bool clicked = ImGui::Button("New project");
    ImGui::EndDisabled();
    if (name_.empty() || !(entered || clicked)) return;
    context.outbox.send(MakeProject{browser_.folder() / name_});
    browser_.refresh();
}

}  // namespace annotator
