#include "annotator/views/pane.h"

#include <algorithm>

namespace annotator {

namespace {

// The start of a text with … behind it, cut between characters of UTF-8.
std::string cut(const std::string& text, float width) {
    if (ImGui::CalcTextSize(text.c_str()).x <= width) return text;
    std::size_t kept = 0;
    const auto fits = [&](std::size_t length) {
        return ImGui::CalcTextSize((text.substr(0, length) + "…").c_str()).x <= width;
    };
    for (std::size_t next = 1; next <= text.size(); ++next) {
        const bool ends_character = next == text.size() || (static_cast<unsigned char>(text[next]) & 0xC0U) != 0x80;
        if (!ends_character) continue;
        if (!fits(next)) break;
        kept = next;
    }
    return text.substr(0, kept) + "…";
}

}  // namespace

void draw_badge(ImDrawList& list, const Theme& theme, ImVec2 at, const std::string& text) {
    const ImVec2 size = ImGui::CalcTextSize(text.c_str());
    const ImVec2 margin{theme.px(6), theme.px(2)};
    list.AddRectFilled(at, {at.x + size.x + 2 * margin.x, at.y + size.y + 2 * margin.y}, with_alpha(theme.window, 0.8F),
                       theme.px(4));
    list.AddText({at.x + margin.x, at.y + margin.y}, theme.warning, text.c_str());
}

void draw_message(ImDrawList& list, const Theme& theme, const PaneRect& pane, const std::string& text, ImU32 colour) {
    const float width = std::max(1.0F, pane.size().x - theme.px(32));
    const ImVec2 size = ImGui::CalcTextSize(text.c_str(), nullptr, false, width);
    const ImVec2 at{(pane.low.x + pane.high.x - size.x) / 2, (pane.low.y + pane.high.y - size.y) / 2};
    list.AddText(ImGui::GetFont(), ImGui::GetFontSize(), at, colour, text.c_str(), nullptr, width);
}

void draw_text_within(ImDrawList& list, ImVec2 at, float width, ImU32 colour, const std::string& text) {
    if (width > 0) list.AddText(at, colour, cut(text, width).c_str());
}

}  // namespace annotator
