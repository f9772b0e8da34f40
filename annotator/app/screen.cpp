#include "annotator/app/screen.h"

#include <algorithm>
#include <utility>

#include "annotator/widgets/icons.h"
#include "annotator/widgets/splitter.h"

namespace annotator {

namespace {

constexpr std::pair<Workspace, const char*> workspaces[] = {{Workspace::annotate, "Annotate"},
                                                            {Workspace::review, "Review"},
                                                            {Workspace::train, "Train"},
                                                            {Workspace::curate, "Curate"},
                                                            {Workspace::export_dataset, "Export"}};

constexpr float least_left = 120, least_right = 150, least_bottom = 110, least_palette = 70;

// What is reached from everywhere, at the right of the tabs.
constexpr std::pair<Icon, Action> tools[] = {{Icon::undo, Action::undo},
                                             {Icon::redo, Action::redo},
                                             {Icon::search, Action::command_palette},
                                             {Icon::plus, Action::import_recordings},
                                             {Icon::folder, Action::open_project},
                                             {Icon::keyboard, Action::cheat_sheet},
                                             {Icon::gear, Action::settings}};

void draw_tool(const ViewContext& context, Icon sign, Action action) {
    const Theme& theme = context.theme;
    const float side = ImGui::GetFrameHeight();
    const ImVec2 at = ImGui::GetCursorScreenPos();
    ImGui::PushID(static_cast<int>(action));
    if (ImGui::InvisibleButton("tool", {side, side})) context.outbox.send(action);
    context.mark(action);
    ImGui::PopID();
    const bool hovered = ImGui::IsItemHovered();
    ImDrawList& list = *ImGui::GetWindowDrawList();
    if (hovered) list.AddRectFilled(at, {at.x + side, at.y + side}, theme.raised, theme.px(4));
    draw_icon(list, sign, {at.x + side / 2, at.y + side / 2}, theme.px(15), hovered ? theme.text : theme.faint_text);
    if (hovered) ImGui::SetTooltip("%s  %s", info_of(action).title.data(), context.keymap.keys_text(action).c_str());
}

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
        context.mark(name);
        ImGui::PopStyleColor(2);
        ImGui::SameLine();
    }
    ImGui::PopFont();
    const float side = ImGui::GetFrameHeight();
    const float left = ImGui::GetContentRegionMax().x - static_cast<float>(std::size(tools)) * (side + theme.px(4));
    // Where there is no room the palette has them all.
    if (ImGui::GetCursorPosX() > left) return ImGui::NewLine();
    ImGui::SameLine(left);
    for (const auto& [sign, action] : tools) {
        draw_tool(context, sign, action);
        ImGui::SameLine(0, theme.px(4));
    }
    ImGui::NewLine();
}

ScreenLayout fitted(const ScreenLayout& layout, float points_wide, float points_high) {
    constexpr float least_middle = 220, most_below = 0.5F, most_palette = 0.6F;
    ScreenLayout fits = layout;
    // Parts that were made large on a large screen give way on a small one. The sides do so before the views of the
    // take do, in proportion.
    const float sides = layout.left + layout.right, room = points_wide - least_middle;
    if (sides > room) {
        fits.left = std::max(least_left, layout.left * room / sides);
        fits.right = std::max(least_right, layout.right * room / sides);
    }
    fits.bottom = std::max(least_bottom, std::min(layout.bottom, most_below * points_high));
    const float upper = points_high - fits.bottom;
    fits.palette = std::max(least_palette, std::min(layout.palette, most_palette * upper));
    return fits;
}

void Screen::draw_annotate(const ViewContext& context, ImVec2 size) {
    const Theme& theme = context.theme;
    const float points_wide = size.x / theme.scale, points_high = size.y / theme.scale;
    const ScreenLayout fits = fitted(layout_, points_wide, points_high);
    ScreenLayout shown = fits;
    ImGui::PushStyleVar(ImGuiStyleVar_ItemSpacing, ImVec2(0, 0));
    const float gap = theme.px(6);
    const float upper = std::max(1.0F, size.y - theme.px(shown.bottom) - gap);
    ImGui::BeginChild("upper", {0, upper}, false, ImGuiWindowFlags_NoBackground);
    panel("clips", {theme.px(shown.left), 0}, clips_, context);
    ImGui::SameLine();
    splitter("left", theme, SplitterAxis::left_right, SplitterKeeps::before, shown.left, least_left,
             points_wide - shown.right - 220);
    ImGui::SameLine();
    panel("take", {std::max(1.0F, ImGui::GetContentRegionAvail().x - theme.px(shown.right) - gap), 0}, take_, context);
    ImGui::SameLine();
    splitter("right", theme, SplitterAxis::left_right, SplitterKeeps::after, shown.right, least_right,
             points_wide - shown.left - 220);
    ImGui::SameLine();
    ImGui::BeginChild("side", {0, 0}, false, ImGuiWindowFlags_NoBackground);
    panel("labels", {0, theme.px(shown.palette)}, labels_, context);
    splitter("palette", theme, SplitterAxis::up_down, SplitterKeeps::before, shown.palette, least_palette,
             0.6F * upper / theme.scale);
    panel("inspector", {0, 0}, inspector_, context);
    ImGui::EndChild();
    ImGui::EndChild();
    splitter("bottom", theme, SplitterAxis::up_down, SplitterKeeps::after, shown.bottom, least_bottom,
             0.5F * points_high);
    panel("timeline", {0, 0}, timeline_, context);
    ImGui::PopStyleVar();
    // A window that is small for a while does not change what was chosen.
    if (!(shown == fits)) layout_ = shown;
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
