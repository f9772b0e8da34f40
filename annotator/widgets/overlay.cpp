#include "annotator/widgets/overlay.h"

#include <algorithm>
#include <cstring>

#include "annotator/widgets/icons.h"

namespace annotator {

namespace {

constexpr float margin = 12;

void draw_shadow(const Theme& theme) {
    ImDrawList& list = *ImGui::GetWindowDrawList();
    const ImVec2 from = ImGui::GetWindowPos();
    const ImVec2 to{from.x + ImGui::GetWindowWidth(), from.y + ImGui::GetWindowHeight()};
    list.PushClipRectFullScreen();
    constexpr int rings = 10;
    for (int i = 1; i <= rings; ++i) {
        const float out = theme.px(static_cast<float>(i) * 1.6F);
        const float alpha = 0.09F * (1 - static_cast<float>(i) / (rings + 1));
        list.AddRect({from.x - out, from.y - out + theme.px(2)}, {to.x + out, to.y + out + theme.px(2)},
                     with_alpha(IM_COL32_BLACK, alpha), theme.px(8) + out, ImDrawFlags_None, theme.px(2.2F));
    }
    list.PopClipRect();
}

}  // namespace

void begin_overlay(const char* name, const Theme& theme, float width, float height, float top) {
    const ImGuiViewport& screen = *ImGui::GetMainViewport();
    const float wide = std::min(theme.px(width), screen.Size.x - 2 * theme.px(margin));
    const float high = std::min(theme.px(height), screen.Size.y - 2 * theme.px(margin));
    const float down = std::min(theme.px(top), screen.Size.y - high - theme.px(margin));
    ImGui::SetNextWindowPos({screen.Pos.x + (screen.Size.x - wide) / 2, screen.Pos.y + std::max(down, 0.0F)});
    ImGui::SetNextWindowSize({wide, high});
    ImGui::PushStyleVar(ImGuiStyleVar_WindowRounding, theme.px(8));
    ImGui::PushStyleVar(ImGuiStyleVar_WindowBorderSize, std::max(1.0F, theme.px(1)));
    ImGui::PushStyleVar(ImGuiStyleVar_WindowPadding, {theme.px(14), theme.px(12)});
    ImGui::PushStyleColor(ImGuiCol_WindowBg, theme.panel);
    ImGui::Begin(name, nullptr,
                 ImGuiWindowFlags_NoDecoration | ImGuiWindowFlags_NoMove | ImGuiWindowFlags_NoSavedSettings);
    draw_shadow(theme);
}

void end_overlay() {
    ImGui::End();
    ImGui::PopStyleColor();
    ImGui::PopStyleVar(3);
}

bool overlay_heading(const Theme& theme, const char* title) {
    ImGui::PushFont(theme.strong);
    ImGui::AlignTextToFramePadding();
    ImGui::TextUnformatted(title);
    ImGui::PopFont();
    const float side = ImGui::GetFrameHeight();
    ImGui::SameLine(ImGui::GetContentRegionMax().x - side);
    const ImVec2 at = ImGui::GetCursorScreenPos();
    const bool clicked = ImGui::InvisibleButton("close", {side, side});
    if (ImGui::IsItemHovered())
        ImGui::GetWindowDrawList()->AddRectFilled(at, {at.x + side, at.y + side}, theme.raised, theme.px(4));
    draw_icon(*ImGui::GetWindowDrawList(), Icon::close, {at.x + side / 2, at.y + side / 2}, theme.px(13),
              ImGui::IsItemHovered() ? theme.text : theme.faint_text);
    ImGui::Dummy({0, theme.px(2)});
    return clicked;
}

float key_chip(ImDrawList* list, const Theme& theme, ImVec2 at, const char* text) {
    ImGui::PushFont(theme.small);
    const ImVec2 size = ImGui::CalcTextSize(text);
    const float side = theme.px(5), width = size.x + 2 * side;
    if (list != nullptr) {
        const ImVec2 to{at.x + width, at.y + size.y + theme.px(4)};
        list->AddRectFilled(at, to, mixed(theme.raised, theme.text, 0.06F), theme.px(4));
        list->AddRect(at, to, theme.border, theme.px(4));
        list->AddText({at.x + side, at.y + theme.px(2)}, theme.text, text);
    }
    ImGui::PopFont();
    return width;
}

float key_button_width(const Theme& theme, const char* text, const char* keys) {
    float width = ImGui::CalcTextSize(text, nullptr, true).x + 2 * ImGui::GetStyle().FramePadding.x;
    ImGui::PushFont(theme.small);
    if (keys[0] != '\0') width += theme.px(8) + ImGui::CalcTextSize(keys).x;
    ImGui::PopFont();
    return width;
}

bool key_button(const Theme& theme, const char* text, const char* keys) {
    const ImGuiStyle& style = ImGui::GetStyle();
    const ImVec2 at = ImGui::GetCursorScreenPos();
    const float width = key_button_width(theme, text, keys), high = ImGui::GetFrameHeight();
    ImGui::PushID(text);
    const bool clicked = ImGui::Button("##button", {width, high});
    ImGui::PopID();
    const bool enabled = style.Alpha > 0.99F;
    ImDrawList& list = *ImGui::GetWindowDrawList();
    const float shown = enabled ? 1.0F : 0.45F;
    list.AddText({at.x + style.FramePadding.x, at.y + style.FramePadding.y}, with_alpha(theme.text, shown), text,
                 std::strstr(text, "##"));
    ImGui::PushFont(theme.small);
    const ImVec2 key = ImGui::CalcTextSize(keys);
    list.AddText({at.x + width - style.FramePadding.x - key.x, at.y + (high - key.y) / 2},
                 with_alpha(theme.faint_text, shown), keys);
    ImGui::PopFont();
    return clicked;
}

}  // namespace annotator
