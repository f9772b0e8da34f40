#include "annotator/widgets/page.h"

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "annotator/widgets/short_text.h"

namespace annotator {

namespace {

void coloured_wrapped(ImU32 colour, const std::string& text) {
    ImGui::PushStyleColor(ImGuiCol_Text, colour);
    wrapped_text(text);
    ImGui::PopStyleColor();
}

}  // namespace

void heading(const Theme& theme, const std::string& text) {
    ImGui::PushFont(theme.strong);
    ImGui::TextUnformatted(text.c_str());
    ImGui::PopFont();
}

void faint_text(const Theme& theme, const std::string& text) { coloured_wrapped(theme.faint_text, text); }

void field_name(const Theme& theme, const char* name) {
    ImGui::PushFont(theme.small);
    faint_text(theme, name);
    ImGui::PopFont();
    ImGui::SetNextItemWidth(-1);
}

void wrapped_text(const std::string& text) {
    ImGui::PushTextWrapPos(0);
    ImGui::TextUnformatted(text.c_str(), text.c_str() + text.size());
    ImGui::PopTextWrapPos();
}

void text_within(const std::string& text, float width) {
    const std::string shown = shortened(text, width);
    ImGui::TextUnformatted(shown.c_str(), shown.c_str() + shown.size());
    if (shown == text || !ImGui::IsItemHovered()) return;
    ImGui::BeginTooltip();
    ImGui::PushTextWrapPos(ImGui::GetFontSize() * 30);
    ImGui::TextUnformatted(text.c_str(), text.c_str() + text.size());
    ImGui::PopTextWrapPos();
    ImGui::EndTooltip();
}

void right_figure(const Theme& theme, const std::string& text) {
    const float line = ImGui::GetTextLineHeight();
    ImGui::PushFont(theme.mono);
    ImGui::SetCursorPosY(ImGui::GetCursorPosY() + (line - ImGui::GetTextLineHeight()) / 2);
    const float spare = ImGui::GetContentRegionAvail().x - ImGui::CalcTextSize(text.c_str()).x;
    if (spare > 0) ImGui::SetCursorPosX(ImGui::GetCursorPosX() + spare);
    ImGui::TextUnformatted(text.c_str());
    ImGui::PopFont();
}

bool primary_button(const Theme& theme, const char* label, ImVec2 size) {
    ImGui::PushStyleColor(ImGuiCol_Button, theme.accent);
    ImGui::PushStyleColor(ImGuiCol_ButtonHovered, mixed(theme.accent, theme.text, 0.15F));
    ImGui::PushStyleColor(ImGuiCol_ButtonActive, mixed(theme.accent, theme.text, 0.3F));
    ImGui::PushStyleColor(ImGuiCol_Text, theme.accent_text);
    const bool pressed = ImGui::Button(label, size);
    ImGui::PopStyleColor(4);
    return pressed;
}

void empty_state(const Theme& theme, const std::string& missing, const std::string& what_to_do) {
    const ImVec2 room = ImGui::GetContentRegionAvail(), at = ImGui::GetCursorPos();
    const float width = std::min(room.x, theme.px(420));
    const float high = ImGui::GetTextLineHeightWithSpacing() * 3;
    const auto begin_line = [&](float text_width) {
        ImGui::SetCursorPosX(at.x + std::max(0.0F, (room.x - std::min(width, text_width)) / 2));
    };
    ImGui::SetCursorPosY(at.y + std::max(0.0F, (room.y - high) / 3));
    ImGui::PushFont(theme.strong);
    begin_line(ImGui::CalcTextSize(missing.c_str()).x);
    ImGui::TextUnformatted(missing.c_str());
    ImGui::PopFont();
    begin_line(ImGui::CalcTextSize(what_to_do.c_str()).x);
    ImGui::PushTextWrapPos(ImGui::GetCursorPosX() + width);
    ImGui::PushStyleColor(ImGuiCol_Text, theme.faint_text);
    ImGui::TextUnformatted(what_to_do.c_str());
    ImGui::PopStyleColor();
    ImGui::PopTextWrapPos();
}

void share_bar(const Theme& theme, double share, ImVec2 size, ImU32 colour) {
    const ImVec2 at = ImGui::GetCursorScreenPos();
    const float filled = size.x * static_cast<float>(std::clamp(share, 0.0, 1.0));
    ImDrawList& list = *ImGui::GetWindowDrawList();
    const float round = theme.px(2);
    list.AddRectFilled(at, {at.x + size.x, at.y + size.y}, theme.grid, round);
    if (filled > 0) list.AddRectFilled(at, {at.x + std::max(filled, theme.px(2)), at.y + size.y}, colour, round);
    ImGui::Dummy(size);
}

std::string grouped(std::int64_t number) {
    std::string text = std::to_string(number < 0 ? -number : number);
    for (auto at = static_cast<std::ptrdiff_t>(text.size()) - 3; at > 0; at -= 3)
        text.insert(static_cast<std::size_t>(at), " ");
    return number < 0 ? "-" + text : text;
}

std::string percent_text(double share) {
    if (!std::isfinite(share)) return "–";
    return std::to_string(std::llround(100 * share)) + " %";
}

std::string duration_text(double seconds) {
    const auto whole = static_cast<long long>(std::max(0.0, seconds));
    char text[48];
    if (whole < 3600)
        std::snprintf(text, sizeof text, "%lld:%02lld", whole / 60, whole % 60);
    else
        std::snprintf(text, sizeof text, "%lld:%02lld:%02lld", whole / 3600, whole / 60 % 60, whole % 60);
    return text;
}

std::string size_text(std::uint64_t bytes) {
    constexpr const char* units[] = {"bytes", "kB", "MB", "GB", "TB"};
    auto value = static_cast<double>(bytes);
    std::size_t unit = 0;
    while (value >= 1000 && unit + 1 < std::size(units)) value /= 1000, ++unit;
    char text[48];
    std::snprintf(text, sizeof text, unit == 0 ? "%.0f %s" : "%.1f %s", value, units[unit]);
    return text;
}

}  // namespace annotator
