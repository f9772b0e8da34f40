#include "annotator/views/command_palette.h"

#include <imgui_stdlib.h>

#include <algorithm>
#include <iterator>

#include "annotator/widgets/overlay.h"
#include "annotator/widgets/pressed_keys.h"
#include "annotator/widgets/short_text.h"

namespace annotator {

namespace {

constexpr std::size_t most_rows = 200;

void append(std::vector<Command>& to, std::vector<Command> from) {
    to.insert(to.end(), std::make_move_iterator(from.begin()), std::make_move_iterator(from.end()));
}

// The letters that match stand out: by colour, and underlined where the ground is coloured.
void draw_title(const Theme& theme, ImVec2 at, float width, const Command& command, const FuzzyMatch& match, bool lit) {
    ImDrawList& list = *ImGui::GetWindowDrawList();
    const char* text = command.title.c_str();
    clipped_text(list, at, width, theme.text, command.title);
    for (const std::size_t position : match.positions) {
        const float before = ImGui::CalcTextSize(text, text + position).x;
        if (before > width - theme.px(20)) break;
        if (static_cast<unsigned char>(text[position]) >= 0x80) continue;
        const float x = at.x + before, y = at.y + ImGui::GetTextLineHeight();
        if (lit)
            list.AddLine({x, y}, {x + ImGui::CalcTextSize(text + position, text + position + 1).x, y}, theme.text,
                         std::max(1.0F, theme.px(1)));
        else
            list.AddText({x, at.y}, theme.accent, text + position, text + position + 1);
    }
}

}  // namespace

void CommandPalette::collect(const ShellContext& context, const EditorModel* model) {
    commands_ = action_commands(context.keymap);
    if (model != nullptr) append(commands_, project_commands(*model));
    append(commands_, settings_commands(context.settings));
    query_.clear();
    cursor_ = 0;
    found_ = find_commands(commands_, query_, most_rows);
}

void CommandPalette::perform(const ShellContext& context, std::size_t index) {
    const Intent intent = commands_[found_[index].index].intent;
    context.outbox.send(Ask{Asking::nothing});
    const bool itself = std::holds_alternative<Action>(intent) && std::get<Action>(intent) == Action::command_palette;
    if (!itself) context.outbox.send_intent(intent);
}

void CommandPalette::draw_row(const ShellContext& context, std::size_t index) {
    const Theme& theme = context.theme;
    const Command& command = commands_[found_[index].index];
    const ImVec2 at = ImGui::GetCursorScreenPos();
    const float wide = ImGui::GetContentRegionAvail().x, high = theme.px(30);
    ImGui::PushID(static_cast<int>(index));
    if (ImGui::InvisibleButton("command", {wide, high})) perform(context, index);
    context.mark("command " + command.title);
    const bool hovered = ImGui::IsItemHovered();
    ImGui::PopID();
    ImDrawList& list = *ImGui::GetWindowDrawList();
    const bool under_cursor = static_cast<int>(index) == cursor_;
    const bool lit = under_cursor || hovered;
    if (lit)
        list.AddRectFilled(at, {at.x + wide, at.y + high},
                           mixed(theme.panel, theme.accent, under_cursor ? 0.3F : 0.14F), theme.px(5));
    const ImU32 ink = lit ? theme.text : theme.faint_text;
    draw_icon(list, command.icon, {at.x + theme.px(16), at.y + high / 2}, theme.px(13), ink);
    const float text_y = at.y + (high - ImGui::GetTextLineHeight()) / 2;
    float right = at.x + wide - theme.px(8);
    if (!command.keys.empty()) {
        right -= key_chip(nullptr, theme, {}, command.keys.c_str());
        key_chip(&list, theme, {right, at.y + theme.px(5)}, command.keys.c_str());
        right -= theme.px(10);
    }
    ImGui::PushFont(theme.small);
    right -= ImGui::CalcTextSize(command.group.c_str()).x;
    list.AddText({right, at.y + (high - ImGui::GetTextLineHeight()) / 2}, ink, command.group.c_str());
    ImGui::PopFont();
    const float left = at.x + theme.px(34);
    draw_title(theme, {left, text_y}, right - left - theme.px(12), command, found_[index].match, lit);
}

void CommandPalette::draw(const ShellContext& context, const EditorModel* model) {
    const Theme& theme = context.theme;
    begin_overlay("commands", theme, 620, 440, 70);
    const bool first = std::exchange(fresh_, false);
    if (first) collect(context, model);
    if (first || !ImGui::IsAnyItemActive()) ImGui::SetKeyboardFocusHere();
    ImGui::SetNextItemWidth(-1);
    ImGui::PushStyleVar(ImGuiStyleVar_FramePadding, {theme.px(12), theme.px(8)});
    if (ImGui::InputTextWithHint("##query", "What would you like to do? Actions, clips, labels, settings", &query_)) {
        found_ = find_commands(commands_, query_, most_rows);
        cursor_ = 0;
        scroll_ = true;
    }
    ImGui::PopStyleVar();
    const int last = static_cast<int>(found_.size()) - 1, before = cursor_;
    if (is_pressed(ImGuiKey_DownArrow)) cursor_ = cursor_ == last ? 0 : cursor_ + 1;
    if (is_pressed(ImGuiKey_UpArrow)) cursor_ = cursor_ == 0 ? last : cursor_ - 1;
    cursor_ = std::clamp(cursor_, 0, std::max(0, last));
    scroll_ |= cursor_ != before;
    const bool chosen = ImGui::IsItemDeactivated() && is_enter_pressed();
    ImGui::PushStyleVar(ImGuiStyleVar_ItemSpacing, {0, 0});
    ImGui::BeginChild("found");
    if (found_.empty()) ImGui::TextDisabled("Nothing is called that.");
    const float high = theme.px(30);
    if (std::exchange(scroll_, false)) {
        const float at = static_cast<float>(cursor_) * high;
        ImGui::SetScrollY(std::clamp(ImGui::GetScrollY(), at + high - ImGui::GetWindowHeight(), at));
    }
    ImGuiListClipper clipper;
    clipper.Begin(static_cast<int>(found_.size()), high);
    while (clipper.Step())
        for (int i = clipper.DisplayStart; i < clipper.DisplayEnd; ++i) draw_row(context, static_cast<std::size_t>(i));
    ImGui::EndChild();
    ImGui::PopStyleVar();
    if (chosen && !found_.empty()) perform(context, static_cast<std::size_t>(cursor_));
    end_overlay();
}

}  // namespace annotator
