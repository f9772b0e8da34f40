#include "annotator/app/screen.h"

#include <algorithm>
#include <utility>

#include "annotator/widgets/splitter.h"

namespace annotator {

namespace {

constexpr std::pair<Workspace, const char*> workspaces[] = {{Workspace::annotate, "Annotate"},
                                                            {Workspace::review, "Review"},
                                                            {Workspace::train, "Train"},
                                                            {Workspace::curate, "Curate"},
                                                            {Workspace::export_dataset, "Export"}};

// A panel of that size with a view in it.
template <class View>
void panel(const char* name, ImVec2 size, View& view, const ViewContext& context) {
    if (ImGui::BeginChild(name, size, false, ImGuiWindowFlags_AlwaysUseWindowPadding)) view.draw(context);
    ImGui::EndChild();
}

}  // namespace

void Screen::draw_tabs(const ViewContext& context) {
    const Theme& theme = context.theme;
    ImGui::PushFont(theme.strong);
    for (const auto& [workspace, name] : workspaces) {
        const bool shown = context.state().workspace == workspace;
        ImGui::PushStyleColor(ImGuiCol_Button, shown ? mixed(theme.panel, theme.accent, 0.3F) : theme.window);
        ImGui::PushStyleColor(ImGuiCol_Text, shown ? theme.text : theme.faint_text);
        if (ImGui::Button(name)) context.outbox.send(ShowWorkspace{workspace});
        ImGui::PopStyleColor(2);
        ImGui::SameLine();
    }
    ImGui::PopFont();
    ImGui::NewLine();
}

void Screen::draw_annotate(const ViewContext& context, ImVec2 size) {
    const Theme& theme = context.theme;
    const float points_wide = size.x / theme.scale, points_high = size.y / theme.scale;
    ImGui::PushStyleVar(ImGuiStyleVar_ItemSpacing, ImVec2(0, 0));
    const float gap = theme.px(6);
    const float upper = std::max(1.0F, size.y - theme.px(layout_.bottom) - gap);
    ImGui::BeginChild("upper", {0, upper}, false, ImGuiWindowFlags_NoBackground);
    panel("clips", {theme.px(layout_.left), 0}, clips_, context);
    ImGui::SameLine();
    splitter("left", theme, SplitterAxis::left_right, SplitterKeeps::before, layout_.left, 120,
             points_wide - layout_.right - 240);
    ImGui::SameLine();
    panel("take", {std::max(1.0F, ImGui::GetContentRegionAvail().x - theme.px(layout_.right) - gap), 0}, take_,
          context);
    ImGui::SameLine();
    splitter("right", theme, SplitterAxis::left_right, SplitterKeeps::after, layout_.right, 160,
             points_wide - layout_.left - 240);
    ImGui::SameLine();
    ImGui::BeginChild("side", {0, 0}, false, ImGuiWindowFlags_NoBackground);
    panel("labels", {0, theme.px(layout_.palette)}, labels_, context);
    splitter("palette", theme, SplitterAxis::up_down, SplitterKeeps::before, layout_.palette, 80,
             upper / theme.scale - 80);
    panel("inspector", {0, 0}, inspector_, context);
    ImGui::EndChild();
    ImGui::EndChild();
    splitter("bottom", theme, SplitterAxis::up_down, SplitterKeeps::after, layout_.bottom, 120, points_high - 160);
    panel("timeline", {0, 0}, timeline_, context);
    ImGui::PopStyleVar();
}

void Screen::draw(const ViewContext& context) {
    const Theme& theme = context.theme;
    const ImGuiViewport* viewport = ImGui::GetMainViewport();
    ImGui::SetNextWindowPos(viewport->Pos);
    ImGui::SetNextWindowSize(viewport->Size);
    ImGui::Begin("kinetograph", nullptr,
                 ImGuiWindowFlags_NoDecoration | ImGuiWindowFlags_NoMove | ImGuiWindowFlags_NoBringToFrontOnFocus |
                     ImGuiWindowFlags_NoSavedSettings | ImGuiWindowFlags_NoScrollWithMouse);
    draw_tabs(context);
    const ImVec2 room = ImGui::GetContentRegionAvail();
    const ImVec2 size{room.x, std::max(1.0F, room.y - theme.px(30))};
    ImGui::BeginChild("workspace", size, false, ImGuiWindowFlags_NoBackground);
    switch (context.state().workspace) {
        case Workspace::annotate:
            draw_annotate(context, size);
            break;
        case Workspace::review:
            panel("review", size, review_, context);
            break;
        case Workspace::train:
            panel("train", size, training_, context);
            break;
        case Workspace::curate:
            panel("curate", size, curate_, context);
            break;
        case Workspace::export_dataset:
            panel("export", size, export_, context);
            break;
    }
    ImGui::EndChild();
    status_.draw(context);
    ImGui::End();
    question_.draw(context);
    label_picker_.draw(context);
}

}  // namespace annotator
