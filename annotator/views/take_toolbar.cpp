#include "annotator/views/take_toolbar.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>

#include "annotator/session/actions.h"
#include "annotator/widgets/clock_text.h"

namespace annotator {

namespace {

constexpr std::array<double, 7> speeds{0.125, 0.25, 0.5, 1, 2, 4, 8};

struct Icon {
    ImDrawList& list;
    ImVec2 middle;
    float unit;  // a quarter of the icon's width
    ImU32 colour;

    [[nodiscard]] ImVec2 at(float x, float y) const { return {middle.x + x * unit, middle.y + y * unit}; }
    void triangle(float x, float towards) const {
        // Soft edges need the order of the clock.
        const ImVec2 tip = at(x + towards, 0), top = at(x - towards, -1.3F), bottom = at(x - towards, 1.3F);
        towards > 0 ? list.AddTriangleFilled(top, tip, bottom, colour)
                    : list.AddTriangleFilled(tip, top, bottom, colour);
    }
    void bar(float x, float half_width = 0.22F) const {
        list.AddRectFilled(at(x - half_width, -1.3F), at(x + half_width, 1.3F), colour);
    }
};

void draw_icon(const Icon& icon, Action action, bool on) {
    switch (action) {
        case Action::play_pause:
            if (on) {
                icon.bar(-0.6F, 0.36F);
                icon.bar(0.6F, 0.36F);
            } else {
                icon.triangle(0.1F, 1.15F);
            }
            break;
        case Action::step_back:
            icon.triangle(-0.3F, -0.8F);
            icon.bar(0.95F);
            break;
        case Action::step_forward:
            icon.triangle(0.3F, 0.8F);
            icon.bar(-0.95F);
            break;
        case Action::previous_boundary:
            icon.bar(-1.2F);
            icon.triangle(-0.1F, -0.6F);
            icon.triangle(1.1F, -0.6F);
            break;
        case Action::next_boundary:
            icon.bar(1.2F);
            icon.triangle(0.1F, 0.6F);
            icon.triangle(-1.1F, 0.6F);
            break;
        case Action::edit_key_points: {
            const ImVec2 joints[] = {icon.at(-1.3F, 1.2F), icon.at(-0.3F, -0.9F), icon.at(1.3F, 0.5F)};
            icon.list.AddPolyline(joints, 3, icon.colour, ImDrawFlags_None, 0.3F * icon.unit);
            for (const ImVec2 joint : joints) icon.list.AddCircleFilled(joint, 0.55F * icon.unit, icon.colour);
            break;
        }
        default:  // loop: two arrows that run round
            icon.list.PathArcTo(icon.middle, 1.2F * icon.unit, -2.6F, 0.1F);
            icon.list.PathStroke(icon.colour, ImDrawFlags_None, 0.35F * icon.unit);
            icon.list.PathArcTo(icon.middle, 1.2F * icon.unit, 0.54F, 3.24F);
            icon.list.PathStroke(icon.colour, ImDrawFlags_None, 0.35F * icon.unit);
            icon.list.AddTriangleFilled(icon.at(0.7F, 0), icon.at(1.7F, 0), icon.at(1.2F, 0.75F), icon.colour);
            icon.list.AddTriangleFilled(icon.at(-0.7F, 0), icon.at(-1.7F, 0), icon.at(-1.2F, -0.75F), icon.colour);
            break;
    }
}

void icon_button(const ViewContext& context, Action action, bool on = false) {
    const Theme& theme = context.theme;
    const float side = theme.px(28);
    const ImVec2 low = ImGui::GetCursorScreenPos();
    ImGui::PushID(static_cast<int>(action));
    if (ImGui::InvisibleButton("icon", {side, side})) context.outbox.send(action);
    context.mark(action);
    const bool hovered = ImGui::IsItemHovered();
    if (hovered) ImGui::SetTooltip("%s", context.told(action).c_str());
    ImGui::PopID();
    ImDrawList& list = *ImGui::GetWindowDrawList();
    if (hovered || (on && action != Action::play_pause))
        list.AddRectFilled(low, {low.x + side, low.y + side},
                           ImGui::GetColorU32(on ? ImGuiCol_Header : ImGuiCol_ButtonHovered), theme.px(4));
    draw_icon({list, {low.x + side / 2, low.y + side / 2}, theme.px(5), theme.text}, action, on);
    ImGui::SameLine(0, theme.px(2));
}

// Centred on the height of the buttons.
void line_text(const ViewContext& context, ImFont* font, ImU32 colour, const std::string& text) {
    ImGui::PushFont(font);
    const ImVec2 at = ImGui::GetCursorScreenPos();
    const ImVec2 size = ImGui::CalcTextSize(text.c_str());
    ImGui::GetWindowDrawList()->AddText({at.x, at.y + (context.theme.px(28) - size.y) / 2}, colour, text.c_str());
    ImGui::Dummy({size.x, context.theme.px(28)});
    ImGui::PopFont();
    ImGui::SameLine(0, context.theme.px(8));
}

std::string number_text(const EditorModel& model) { return "Frame " + std::to_string(model.frame); }

bool fits(ImFont* font, const std::string& text, float beside = 0) {
    ImGui::PushFont(font);
    const float wide = ImGui::CalcTextSize(text.c_str()).x;
    ImGui::PopFont();
    return wide + beside <= ImGui::GetContentRegionAvail().x;
}

// Keys choose the speed as well, so that the number and the choice of views go first where there is little room.
void draw_speed(const ViewContext& context, float beside) {
    const EditorModel& model = context.model();
    if (!fits(context.theme.mono, number_text(model), context.theme.px(88) + beside)) return;
    ImGui::SetNextItemWidth(context.theme.px(70));
    if (ImGui::BeginCombo("##speed", speed_text(model.speed).c_str(), ImGuiComboFlags_HeightLarge)) {
        for (const double speed : speeds)
            if (ImGui::Selectable(speed_text(speed).c_str(), speed == context.bench.playback().chosen_speed()))
                context.outbox.send(SetSpeed{speed});
        ImGui::EndCombo();
    }
    ImGui::SameLine(0, context.theme.px(10));
}

void draw_number(const ViewContext& context, float beside) {
    const Theme& theme = context.theme;
    const EditorModel& model = context.model();
    const schemas::FrameTable& times = model.media->times;
    line_text(context, theme.mono, theme.text, number_text(model));
    if (ImGui::IsItemHovered())
        ImGui::SetTooltip("The clip is frames %lld to %lld of its take",
                          static_cast<long long>(model.media->span.begin),
                          static_cast<long long>(model.media->span.end - 1));
    if (model.frame >= 0 && model.frame < times.frames()) {
        const std::string clock = clock_text(times.seconds[static_cast<std::size_t>(model.frame)]);
        if (fits(theme.mono, clock, theme.px(8) + beside)) line_text(context, theme.mono, theme.faint_text, clock);
    }
    const auto& pictures = context.bench.playback().pictures();
    const bool preview = std::ranges::any_of(
        pictures, [](const ShownPicture& shown) { return shown.kind == ShownPicture::Kind::preview; });
    if (preview) line_text(context, theme.body, theme.warning, "preview");
}

// Of the button that stands for chips where these have no room.
float views_width(const Theme& theme) { return ImGui::CalcTextSize("Views").x + theme.px(20); }

float chip_width(const Theme& theme, const PaneChoice& pane) {
    return ImGui::CalcTextSize(pane.name.c_str()).x + theme.px(32);
}

float chips_width(const Theme& theme, const std::vector<PaneChoice>& panes) {
    float width = 0;
    for (const PaneChoice& pane : panes) width += chip_width(theme, pane) + theme.px(6);
    return width;
}

// Whether its view is shown is seen without its colour.
void draw_chip(const Theme& theme, PaneChoice& pane) {
    const ImVec2 low = ImGui::GetCursorScreenPos();
    const float high = theme.px(28);
    ImGui::PushID(pane.name.c_str());
    ImGui::PushStyleVar(ImGuiStyleVar_ButtonTextAlign, {1, 0.5F});
    ImGui::PushStyleColor(ImGuiCol_Button, pane.shown ? mixed(theme.panel, theme.accent, 0.3F) : theme.panel);
    ImGui::PushStyleColor(ImGuiCol_Text, pane.shown ? theme.text : theme.faint_text);
    const bool clicked = ImGui::Button(pane.name.c_str(), {chip_width(theme, pane), high});
    ImGui::PopStyleColor(2);
    ImGui::PopStyleVar();
    ImGui::PopID();
    if (pane.shown) {
        const auto at = [&](float x, float y) { return ImVec2{low.x + theme.px(x), low.y + high / 2 + theme.px(y)}; };
        const ImVec2 check[] = {at(9, 0), at(12, 3), at(18, -4)};
        ImGui::GetWindowDrawList()->AddPolyline(check, 3, theme.text, ImDrawFlags_None, theme.px(1.6F));
    }
    if (clicked) pane.shown = !pane.shown;
}

void draw_choices(const ViewContext& context, std::vector<PaneChoice>& panes) {
    const Theme& theme = context.theme;
    if (panes.size() < 2) return;
    const float room = ImGui::GetContentRegionAvail().x, wanted = chips_width(theme, panes);
    const float left = ImGui::GetCursorPosX();
    if (wanted > room) {
        const float width = views_width(theme);
        if (width > room) return;
        ImGui::SetCursorPosX(left + room - width);
        if (ImGui::Button("Views", {width, theme.px(28)})) ImGui::OpenPopup("views");
    } else {
        ImGui::SetCursorPosX(left + room - wanted);
        for (PaneChoice& pane : panes) {
            draw_chip(theme, pane);
            ImGui::SameLine(0, theme.px(6));
        }
    }
    if (ImGui::BeginPopup("views")) {
        for (PaneChoice& pane : panes) ImGui::Checkbox(pane.name.c_str(), &pane.shown);
        ImGui::EndPopup();
    }
}

}  // namespace

std::string speed_text(double speed) {
    const double size = std::abs(speed);
    const std::string sign = speed < 0 ? "−" : "";
    char text[32];
    if (size < 1)
        std::snprintf(text, sizeof text, "1/%.3g×", 1 / size);
    else
        std::snprintf(text, sizeof text, "%.3g×", size);
    return sign + text;
}

void TakeToolbar::draw(const ViewContext& context, std::vector<PaneChoice>& panes) const {
    const Theme& theme = context.theme;
    const EditorModel& model = context.model();
    // Combo and buttons as high as the icons.
    ImGui::PushStyleVar(ImGuiStyleVar_FramePadding,
                        ImVec2(theme.px(7), std::max(0.0F, (theme.px(28) - ImGui::GetFontSize()) / 2)));
    icon_button(context, Action::previous_boundary);
    icon_button(context, Action::step_back);
    icon_button(context, Action::play_pause, model.playing);
    icon_button(context, Action::step_forward);
    icon_button(context, Action::next_boundary);
    icon_button(context, Action::loop_selection, context.bench.playback().loop().has_value());
    if (std::ranges::any_of(model.media->skeletons, [](const auto& skeleton) { return skeleton.recorded != nullptr; }))
        icon_button(context, Action::edit_key_points, context.state().editing_key_points);
    ImGui::SameLine(0, theme.px(8));
    const float views = panes.size() < 2 ? 0 : views_width(theme);
    draw_speed(context, views);
    draw_number(context, views);
    draw_choices(context, panes);
    ImGui::PopStyleVar();
}

}  // namespace annotator
