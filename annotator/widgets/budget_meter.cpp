#include "annotator/widgets/budget_meter.h"

#include <algorithm>

#include "annotator/widgets/page.h"

namespace annotator {

void budget_meter(const Theme& theme, double labelled, double budget, float width) {
    const bool reached = labelled >= budget;
    ImGui::BeginGroup();
    ImGui::PushFont(theme.small);
    const std::string words = percent_text(labelled) + " labelled by hand";
    const std::string rest =
        reached ? "budget of " + percent_text(budget) + " reached" : percent_text(budget - labelled) + " left to label";
    const ImVec2 at = ImGui::GetCursorScreenPos();
    ImDrawList& list = *ImGui::GetWindowDrawList();
    list.AddText(at, theme.text, words.c_str());
    const float rest_width = ImGui::CalcTextSize(rest.c_str()).x;
    if (ImGui::CalcTextSize(words.c_str()).x + rest_width + theme.px(12) < width)
        list.AddText({at.x + width - rest_width, at.y}, reached ? theme.good : theme.faint_text, rest.c_str());
    const float top = at.y + ImGui::GetTextLineHeight() + theme.px(3), high = theme.px(8);
    // The bar ends at twice the budget, so that small budgets are not slivers.
    const double full = std::max({std::min(1.0, 2 * budget), labelled, 1e-6});
    const auto x_of = [&](double share) {
        return at.x + width * static_cast<float>(std::clamp(share / full, 0.0, 1.0));
    };
    const float round = theme.px(3);
    list.AddRectFilled({at.x, top}, {at.x + width, top + high}, theme.grid, round);
    if (labelled > 0)
        list.AddRectFilled({at.x, top}, {std::max(x_of(labelled), at.x + theme.px(3)), top + high},
                           reached ? theme.good : theme.accent, round);
    list.AddLine({x_of(budget), top - theme.px(2)}, {x_of(budget), top + high + theme.px(2)}, theme.text,
                 theme.px(1.5F));
    ImGui::Dummy({width, top + high + theme.px(2) - at.y});
    if (ImGui::IsItemHovered())
        ImGui::SetTooltip("%s; the mark is the budget of %s", words.c_str(), percent_text(budget).c_str());
    ImGui::PopFont();
    ImGui::EndGroup();
}

}  // namespace annotator
