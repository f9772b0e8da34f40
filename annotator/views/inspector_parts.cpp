#include "annotator/views/inspector_parts.h"

#include <algorithm>
#include <cstdio>

#include "annotator/widgets/icons.h"
#include "annotator/widgets/overlay.h"
#include "annotator/widgets/page.h"
#include "annotator/widgets/short_text.h"
#include "annotator/widgets/state_bar.h"

namespace annotator {

namespace {

constexpr float name_points = 84;

}  // namespace

void draw_label_heading(const ViewContext& context, schemas::LabelId id) {
    const Theme& theme = context.theme;
    const auto* label = context.document().find<schemas::Label>(id);
    const std::string name = label == nullptr ? "a label that is gone" : label->name;
    const ImU32 colour = label == nullptr ? theme.faint_text : colour_from(label->colour, theme);
    ImGui::PushFont(theme.strong);
    const ImVec2 at = ImGui::GetCursorScreenPos();
    const float wide = ImGui::GetContentRegionAvail().x, high = ImGui::GetTextLineHeight() + theme.px(12);
    ImDrawList& list = *ImGui::GetWindowDrawList();
    list.AddRectFilled(at, {at.x + wide, at.y + high}, with_alpha(colour, 0.22F), theme.px(5));
    list.AddRectFilled(at, {at.x + theme.px(5), at.y + high}, colour, theme.px(5), ImDrawFlags_RoundCornersLeft);
    clipped_text(list, {at.x + theme.px(14), at.y + theme.px(6)}, wide - theme.px(22), theme.text, name);
    ImGui::Dummy({wide, high});
    if (ImGui::IsItemHovered() && ImGui::CalcTextSize(name.c_str()).x > wide - theme.px(22)) {
        ImGui::BeginTooltip();
        ImGui::PushTextWrapPos(theme.px(420));
        ImGui::TextUnformatted(name.c_str());
        ImGui::PopTextWrapPos();
        ImGui::EndTooltip();
    }
    ImGui::PopFont();
}

void draw_fact(const Theme& theme, const char* name, const std::string& value) {
    ImGui::TextDisabled("%s", name);
    ImGui::SameLine(theme.px(name_points));
    ImGui::PushTextWrapPos(0);
    ImGui::TextUnformatted(value.c_str());
    ImGui::PopTextWrapPos();
}

void draw_state_fact(const Theme& theme, schemas::FrameState state) {
    ImGui::TextDisabled("State");
    ImGui::SameLine(theme.px(name_points));
    const float side = ImGui::GetTextLineHeight();
    const ImVec2 at = ImGui::GetCursorScreenPos();
    draw_state_swatch(*ImGui::GetWindowDrawList(), theme, {at.x, at.y + theme.px(2)}, side - theme.px(4), state);
    ImGui::SetCursorPosX(ImGui::GetCursorPosX() + side + theme.px(2));
    ImGui::TextUnformatted(name_of(state).data());
}

void draw_scores(const ViewContext& context, const std::vector<schemas::LabelScore>& top) {
    const Theme& theme = context.theme;
    ImDrawList& list = *ImGui::GetWindowDrawList();
    ImGui::PushFont(theme.small);
    for (const schemas::LabelScore& score : top) {
        const auto* label = context.document().find<schemas::Label>(score.label);
        if (label == nullptr) continue;
        const ImVec2 at = ImGui::GetCursorScreenPos();
        const float wide = ImGui::GetContentRegionAvail().x, high = ImGui::GetTextLineHeight() + theme.px(5);
        const float share = static_cast<float>(std::clamp(score.score, 0.0, 1.0));
        list.AddRectFilled(at, {at.x + wide * share, at.y + high}, with_alpha(colour_from(label->colour, theme), 0.35F),
                           theme.px(3));
        const std::string percent = percent_text(score.score);
        const float percent_wide = ImGui::CalcTextSize(percent.c_str()).x;
        clipped_text(list, {at.x + theme.px(6), at.y + theme.px(2)}, wide - percent_wide - theme.px(18), theme.text,
                     label->name);
        list.AddText({at.x + wide - percent_wide - theme.px(4), at.y + theme.px(2)}, theme.text, percent.c_str());
        ImGui::Dummy({wide, high - theme.px(2)});
    }
    ImGui::PopFont();
}

void draw_comments(const ViewContext& context, std::span<const schemas::CommentId> comments, schemas::FrameSpan span) {
    const Theme& theme = context.theme;
    for (const schemas::CommentId id : comments) {
        const auto& comment = context.document().at<schemas::Comment>(id);
        if (comment.resolved && context.state().selection.comment != id) continue;
        if (!schemas::overlap({comment.begin_frame, comment.end_frame}, span)) continue;
        ImGui::PushID(static_cast<int>(static_cast<std::int64_t>(id) & 0x7FFFFFFF));
        ImGui::Dummy({0, theme.px(2)});
        icon(Icon::comment, theme.faint_text);
        ImGui::SameLine();
        ImGui::TextDisabled("%s, frame %lld", comment.author.c_str(), static_cast<long long>(comment.begin_frame));
        ImGui::PushTextWrapPos(0);
        ImGui::TextUnformatted(comment.text.c_str());
        ImGui::PopTextWrapPos();
        if (ImGui::SmallButton("Go there")) context.outbox.send(Seek{comment.begin_frame});
        ImGui::SameLine();
        if (comment.resolved)
            ImGui::TextDisabled("resolved");
        else if (ImGui::SmallButton("Resolve"))
            context.outbox.send(ResolveComment{id});
        ImGui::PopID();
    }
}

void draw_action_buttons(const ViewContext& context, std::initializer_list<ActionButton> buttons) {
    const Theme& theme = context.theme;
    const float right = ImGui::GetContentRegionMax().x, gap = theme.px(5);
    ImGui::PushStyleVar(ImGuiStyleVar_FramePadding, {theme.px(8), theme.px(4)});
    ImGui::PushStyleVar(ImGuiStyleVar_ItemSpacing, {gap, gap});
    bool first = true;
    for (const auto& [text, action] : buttons) {
        const std::string keys = context.keymap.keys_text(action);
        if (!std::exchange(first, false)) {
            ImGui::SameLine();
            if (ImGui::GetCursorPosX() + key_button_width(theme, text, keys.c_str()) > right) ImGui::NewLine();
        }
        if (key_button(theme, text, keys.c_str())) context.outbox.send(action);
        context.mark(action);
    }
    ImGui::PopStyleVar(2);
}

std::string length_text(const EditorModel& model, schemas::FrameSpan span) {
    std::string text = std::to_string(span.length()) + (span.length() == 1 ? " frame" : " frames");
    if (!model.media || model.media->clip != model.state.clip) return text;
    const auto& seconds = model.media->times.seconds;
    const auto count = static_cast<schemas::FrameIndex>(seconds.size());
    if (span.begin < 0 || span.end > count || count < 2) return text;
    const auto at = [&](schemas::FrameIndex frame) { return seconds[static_cast<std::size_t>(frame)]; };
    // Of the last frame no table says when it ends: it lasts as long as the one before.
    const double end = span.end < count ? at(span.end) : 2 * at(count - 1) - at(count - 2);
    char length[32];
    std::snprintf(length, sizeof(length), ", %.3f s", end - at(span.begin));
    return text + length;
}

std::string model_name(const EditorModel& model, schemas::ModelId id) {
    const auto found = std::ranges::find(model.output.models, id, &schemas::ModelVersion::id);
    return found == model.output.models.end() ? "a model that is gone" : found->name;
}

}  // namespace annotator
