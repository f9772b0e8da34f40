#include "annotator/views/cheat_sheet.h"

#include <algorithm>
#include <map>
#include <optional>

#include "annotator/views/command_list.h"
#include "annotator/widgets/overlay.h"
#include "annotator/widgets/short_text.h"

namespace annotator {

namespace {

// Of an action with many keys the first ones say enough.
constexpr std::size_t most_keys = 2;
constexpr std::size_t most_rows = 24;
constexpr float column_width = 310, row_points = 24, least_row_points = 19;

// A long group in parts that stand in a window each.
void add_in_parts(std::vector<CheatSheetGroup>& groups, CheatSheetGroup whole) {
    const std::size_t parts = (whole.rows.size() + most_rows - 1) / most_rows;
    for (std::size_t part = 0; part < parts; ++part) {
        const auto at = [&](std::size_t share) {
            return whole.rows.begin() + static_cast<std::ptrdiff_t>(share * whole.rows.size() / parts);
        };
        groups.push_back({part == 0 ? whole.title : whole.title + ", continued", {at(part), at(part + 1)}});
    }
}

std::size_t height_of(const CheatSheetGroup& group) { return group.rows.size() + 2; }

// Fills columns up to a height; nullopt when there are too few.
std::optional<std::vector<std::size_t>> fill(const std::vector<CheatSheetGroup>& groups, std::size_t columns,
                                             std::size_t height) {
    std::vector<std::size_t> where;
    std::size_t column = 0, used = 0;
    for (const CheatSheetGroup& group : groups) {
        if (used > 0 && used + height_of(group) > height) {
            ++column;
            used = 0;
        }
        used += height_of(group);
        if (column >= columns || used > height) return std::nullopt;
        where.push_back(column);
    }
    return where;
}

void draw_row(const Theme& theme, const CheatSheetRow& row, float width, float height) {
    const ImVec2 at = ImGui::GetCursorScreenPos();
    ImDrawList& list = *ImGui::GetWindowDrawList();
    float right = at.x + width;
    for (auto keys = row.keys.rbegin(); keys != row.keys.rend(); ++keys) {
        right -= key_chip(nullptr, theme, {}, keys->c_str());
        key_chip(&list, theme, {right, at.y + theme.px(1)}, keys->c_str());
        right -= theme.px(4);
    }
    clipped_text(list, {at.x, at.y + theme.px(3)}, right - at.x - theme.px(8), theme.text, row.title);
    ImGui::Dummy({width, height});
}

void draw_group(const Theme& theme, const CheatSheetGroup& group, float width, float row_height) {
    ImGui::PushFont(theme.strong);
    ImGui::PushStyleColor(ImGuiCol_Text, theme.accent);
    ImGui::TextUnformatted(group.title.c_str());
    ImGui::PopStyleColor();
    ImGui::PopFont();
    ImGui::Dummy({0, row_height * 0.1F});
    for (const CheatSheetRow& row : group.rows) draw_row(theme, row, width, row_height);
    ImGui::Dummy({0, row_height * 0.5F});
}

}  // namespace

std::vector<CheatSheetGroup> cheat_sheet(const Keymap& keymap) {
    std::vector<CheatSheetGroup> groups;
    for (const ActionGroup group : {ActionGroup::playing, ActionGroup::labels, ActionGroup::queue, ActionGroup::window,
                                    ActionGroup::models, ActionGroup::key_points}) {
        CheatSheetGroup sheet{std::string(title_of(group)), {}};
        for (const ActionInfo& info : all_actions()) {
            if (info.group != group) continue;
            CheatSheetRow row{std::string(info.title), {}};
            for (const Chord& chord : keymap.chords_of(info.action))
                if (row.keys.size() < most_keys) row.keys.push_back(text_of(chord));
            if (!row.keys.empty()) sheet.rows.push_back(std::move(row));
        }
        if (group == ActionGroup::labels) sheet.rows.push_back({"Use that label", {"0–9", "A–Z"}});
        add_in_parts(groups, std::move(sheet));
    }
    return groups;
}

std::vector<std::size_t> columns_of(const std::vector<CheatSheetGroup>& groups, std::size_t columns) {
    std::size_t all = 1;
    for (const CheatSheetGroup& group : groups) all += height_of(group);
    for (std::size_t height = 1; height < all; ++height)
        if (auto where = fill(groups, columns, height)) return *where;
    return std::vector<std::size_t>(groups.size(), 0);
}

void CheatSheet::draw(const ShellContext& context) {
    const Theme& theme = context.theme;
    const float points = ImGui::GetMainViewport()->Size.x / theme.scale - 60;
    const auto columns = static_cast<std::size_t>(std::clamp(points / column_width, 1.0F, 4.0F));
    const std::vector<CheatSheetGroup> groups = cheat_sheet(context.keymap);
    const std::vector<std::size_t> where = columns_of(groups, columns);
    std::map<std::size_t, std::size_t> rows;
    for (std::size_t i = 0; i < groups.size(); ++i) rows[where[i]] += height_of(groups[i]);
    const auto most = std::ranges::max_element(rows, {}, &std::pair<const std::size_t, std::size_t>::second)->second;
    const float used = static_cast<float>(rows.size()), high = static_cast<float>(most);
    // Rows move together before there is a scroll bar.
    const float room = ImGui::GetMainViewport()->Size.y / theme.scale - 110;
    const float row_height = std::clamp(room / high, least_row_points, row_points);
    begin_overlay("keys", theme, used * column_width + 28, high * row_height + 84, 30);
    const std::string title = "Keys" + (context.settings.keymap == "Editor" ? "" : " of " + context.settings.keymap);
    if (overlay_heading(theme, title.c_str())) context.outbox.send(Ask{Asking::nothing});
    ImGui::BeginChild("columns");
    ImGui::PushStyleVar(ImGuiStyleVar_ItemSpacing, {theme.px(24), 0});
    const float width = (ImGui::GetContentRegionAvail().x - (used - 1) * theme.px(24)) / used;
    for (const auto& [column, unused] : rows) {
        if (column > 0) ImGui::SameLine();
        ImGui::BeginGroup();
        for (std::size_t i = 0; i < groups.size(); ++i)
            if (where[i] == column) draw_group(theme, groups[i], width, theme.px(row_height));
        ImGui::EndGroup();
    }
    ImGui::PopStyleVar();
    ImGui::EndChild();
    if (ImGui::IsMouseClicked(ImGuiMouseButton_Left) &&
        !ImGui::IsWindowHovered(ImGuiHoveredFlags_ChildWindows | ImGuiHoveredFlags_AllowWhenBlockedByActiveItem))
        context.outbox.send(Ask{Asking::nothing});
    end_overlay();
}

}  // namespace annotator
