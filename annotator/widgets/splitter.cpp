#include "annotator/widgets/splitter.h"

#include <algorithm>

namespace annotator {

void splitter(const char* name, const Theme& theme, SplitterAxis axis, SplitterKeeps keeps, float& points, float least,
              float most) {
    const bool across = axis == SplitterAxis::left_right;
    const float thick = theme.px(6);
    const ImVec2 at = ImGui::GetCursorScreenPos();
    const ImVec2 room = ImGui::GetContentRegionAvail();
    ImGui::InvisibleButton(name,
                           across ? ImVec2(thick, std::max(room.y, 1.0F)) : ImVec2(std::max(room.x, 1.0F), thick));
    if (ImGui::IsItemHovered() || ImGui::IsItemActive()) {
        ImGui::SetMouseCursor(across ? ImGuiMouseCursor_ResizeEW : ImGuiMouseCursor_ResizeNS);
        const ImVec2 to = ImGui::GetItemRectMax();
        ImGui::GetWindowDrawList()->AddRectFilled(at, to, with_alpha(theme.accent, 0.5F), theme.px(3));
    }
    if (ImGui::IsItemActive()) {
        const float moved = across ? ImGui::GetIO().MouseDelta.x : ImGui::GetIO().MouseDelta.y;
        points += (keeps == SplitterKeeps::before ? moved : -moved) / theme.scale;
        points = std::clamp(points, least, std::max(least, most));
    }
}

}  // namespace annotator
