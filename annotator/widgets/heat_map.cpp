#include "annotator/widgets/heat_map.h"

#include <algorithm>
#include <cmath>

#include "annotator/widgets/page.h"

namespace annotator {

namespace {

class HeatMap {
public:
    HeatMap(const Theme& theme, std::span<const std::string> names, std::span<const std::int64_t> counts,
            std::optional<HeatCell> selected)
        : theme_(theme),
          list_(*ImGui::GetWindowDrawList()),
          names_(names),
          counts_(counts),
          selected_(selected),
          count_(static_cast<int>(names.size())),
          names_width_(std::min(theme.px(150), ImGui::GetContentRegionAvail().x * 0.35F)) {
        const ImVec2 room = ImGui::GetContentRegionAvail();
        const float free = std::min(room.x - names_width_, room.y - theme.px(22));
        cell_ = std::clamp(free / static_cast<float>(count_), theme.px(22), theme.px(44));
    }

    std::optional<HeatCell> draw() {
        const ImVec2 at = ImGui::GetCursorScreenPos();
        origin_ = {at.x + names_width_, at.y + theme_.px(20)};
        const float side = cell_ * static_cast<float>(count_);
        ImGui::InvisibleButton("cells", {names_width_ + side, theme_.px(20) + side});
        const bool hovered = ImGui::IsItemHovered();
        const auto under_mouse = hovered ? cell_at(ImGui::GetIO().MousePos) : std::nullopt;
        list_.AddText({origin_.x, at.y}, theme_.faint_text, "said by the model, in the order of the rows");
        const auto [first, last] = rows_in_sight();
        for (int row = first; row < last; ++row) draw_row(row);
        if (!under_mouse) return std::nullopt;
        describe(*under_mouse);
        return ImGui::IsItemClicked() ? under_mouse : std::nullopt;
    }

private:
    [[nodiscard]] std::int64_t at(int row, int column) const {
        return counts_[static_cast<std::size_t>(row) * static_cast<std::size_t>(count_) +
                       static_cast<std::size_t>(column)];
    }

    [[nodiscard]] std::pair<int, int> rows_in_sight() const {
        const float top = list_.GetClipRectMin().y, bottom = list_.GetClipRectMax().y;
        const int first = static_cast<int>(std::floor((top - origin_.y) / cell_));
        const int last = static_cast<int>(std::ceil((bottom - origin_.y) / cell_));
        return {std::clamp(first, 0, count_), std::clamp(last, 0, count_)};
    }

    [[nodiscard]] std::optional<HeatCell> cell_at(ImVec2 point) const {
        const auto column = static_cast<int>(std::floor((point.x - origin_.x) / cell_));
        const auto row = static_cast<int>(std::floor((point.y - origin_.y) / cell_));
        if (row < 0 || column < 0 || row >= count_ || column >= count_) return std::nullopt;
        return HeatCell{row, column};
    }

    void draw_row(int row) {
        const float top = origin_.y + cell_ * static_cast<float>(row);
        const std::string& name = names_[static_cast<std::size_t>(row)];
        const float line = ImGui::GetTextLineHeight();
        list_.PushClipRect({origin_.x - names_width_, top}, {origin_.x - theme_.px(6), top + cell_}, true);
        list_.AddText({origin_.x - names_width_, top + (cell_ - line) / 2}, theme_.text, name.c_str());
        list_.PopClipRect();
        std::int64_t sum = 0;
        for (int column = 0; column < count_; ++column) sum += at(row, column);
        for (int column = 0; column < count_; ++column) draw_cell({row, column}, sum);
    }

    void draw_cell(HeatCell cell, std::int64_t sum) {
        const float gap = theme_.px(1);
        const ImVec2 from{origin_.x + cell_ * static_cast<float>(cell.column),
                          origin_.y + cell_ * static_cast<float>(cell.row)};
        const ImVec2 to{from.x + cell_ - gap, from.y + cell_ - gap};
        const std::int64_t count = at(cell.row, cell.column);
        const float share = sum > 0 ? static_cast<float>(count) / static_cast<float>(sum) : 0;
        const bool right = cell.row == cell.column;
        const ImU32 colour =
            mixed(theme_.raised, right ? theme_.good : theme_.warning, count > 0 ? 0.15F + 0.7F * share : 0);
        list_.AddRectFilled(from, to, colour, theme_.px(2));
        if (selected_ == cell) list_.AddRect(from, to, theme_.selection, theme_.px(2), 0, theme_.px(2));
        if (count == 0) return;
        const std::string text = std::to_string(count);
        const ImVec2 size = ImGui::CalcTextSize(text.c_str());
        if (size.x > cell_ - gap) return;
        list_.AddText({from.x + (cell_ - gap - size.x) / 2, from.y + (cell_ - gap - size.y) / 2}, text_on(colour),
                      text.c_str());
    }

    void describe(HeatCell cell) const {
        ImGui::BeginTooltip();
        ImGui::PushTextWrapPos(theme_.px(320));
        ImGui::Text("%lld of '%s' called '%s'", static_cast<long long>(at(cell.row, cell.column)),
                    names_[static_cast<std::size_t>(cell.row)].c_str(),
                    names_[static_cast<std::size_t>(cell.column)].c_str());
        ImGui::PopTextWrapPos();
        ImGui::EndTooltip();
    }

    const Theme& theme_;
    ImDrawList& list_;
    std::span<const std::string> names_;
    std::span<const std::int64_t> counts_;
    std::optional<HeatCell> selected_;
    int count_;
    float names_width_, cell_ = 0;
    ImVec2 origin_;
};

}  // namespace

std::optional<HeatCell> heat_map(const char* id, const Theme& theme, ImVec2 size, std::span<const std::string> names,
                                 std::span<const std::int64_t> counts, std::optional<HeatCell> selected) {
    std::optional<HeatCell> clicked;
    if (ImGui::BeginChild(id, size, false, ImGuiWindowFlags_HorizontalScrollbar | ImGuiWindowFlags_NoBackground) &&
        !names.empty() && counts.size() == names.size() * names.size()) {
        ImGui::PushFont(theme.small);
        clicked = HeatMap(theme, names, counts, selected).draw();
        ImGui::PopFont();
    }
    ImGui::EndChild();
    return clicked;
}

}  // namespace annotator
