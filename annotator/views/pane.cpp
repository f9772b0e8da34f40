#include "annotator/views/pane.h"

#include <algorithm>

namespace annotator {

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

}  // namespace annotator
