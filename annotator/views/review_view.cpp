#include "annotator/views/review_view.h"

#include <algorithm>
#include <array>
#include <cstdio>

#include "annotator/document/queries.h"
#include "annotator/document/taxonomy_commands.h"
#include "annotator/session/label_keys.h"
#include "annotator/session/review.h"
#include "annotator/views/frame_thumbnail.h"
#include "annotator/views/job_progress.h"
#include "annotator/widgets/budget_meter.h"
#include "annotator/widgets/page.h"

namespace annotator {

namespace {

using schemas::QueueItem;

constexpr std::size_t most_label_buttons = 40;

const std::string& clip_name(const Document& document, schemas::ClipId clip) {
    static const std::string gone = "(this clip is gone)";
    const auto* row = document.find<schemas::Clip>(clip);
    return row == nullptr ? gone : row->name;
}

// "frames 120 to 179 · 2.0 s": the last one is shown, not the one behind it.
std::string span_text(const Document& document, const QueueItem& item) {
    std::string text = "frames " + grouped(item.span.begin) + " to " + grouped(item.span.end - 1);
    const auto* clip = document.find<schemas::Clip>(item.clip);
    const auto* stream = clip == nullptr ? nullptr : reference_stream(document, clip->take);
    if (stream == nullptr || !schemas::is_valid(stream->rate())) return text;
    char seconds[32];
    std::snprintf(seconds, sizeof seconds, " · %.1f s",
                  static_cast<double>(item.span.length()) / stream->rate().per_second());
    return text + seconds;
}

ImU32 colour_of(const Document& document, schemas::LabelId label, const Theme& theme) {
    const auto* row = document.find<schemas::Label>(label);
    return row == nullptr ? theme.accent : colour_from(row->colour, theme);
}

std::string name_of(const Document& document, schemas::LabelId label) {
    const auto* row = document.find<schemas::Label>(label);
    return row == nullptr ? "(this label is gone)" : row->name;
}

// What uses the label; "" where no key does.
std::string key_of(const ViewContext& context, const schemas::Label& label) {
    const auto keys = label_keys(context.document(), label.track, context.keymap.plain_keys());
    const auto found = std::ranges::find(keys, label.id, &LabelKey::label);
    return found == keys.end() ? "" : text_of(Chord{found->key});
}

void swatch(const Theme& theme, ImU32 colour) {
    const float side = theme.px(10), line = ImGui::GetTextLineHeight();
    const ImVec2 at = ImGui::GetCursorScreenPos();
    const float top = at.y + (line - side) / 2;
    ImGui::GetWindowDrawList()->AddRectFilled({at.x, top}, {at.x + side, top + side}, colour, theme.px(2));
    ImGui::Dummy({side, line});
}

}  // namespace

void ReviewView::count(const ViewContext& context) {
    const EditorModel& model = context.model();
    if (counted_.revision == model.revision) return;
    const Document& document = context.document();
    counted_ = {model.revision, track_of_queue(document, model.output), {}, 0, 0, {}};
    if (!counted_.track) return;
    for (const QueueItem& item : model.output.queue) {
        const bool done =
            document.find<schemas::Clip>(item.clip) == nullptr || is_answered(document, item, *counted_.track);
        counted_.answered.push_back(done ? 1 : 0);
        counted_.open += done ? 0 : 1;
    }
    counted_.labels = labels_of(document, *counted_.track);
    counted_.labelled = labelled_.of(model, *counted_.track);
}

void ReviewView::draw(const ViewContext& context) {
    count(context);
    draw_top(context);
    if (context.document().rows<schemas::Clip>().empty())
        return empty_state(context.theme, "Nothing to review yet.", "Import recordings first.");
    if (context.model().output.queue.empty())
        return empty_state(context.theme, "The review queue is empty.",
                           "Build it with the button above: it ranks what would teach the model most, and says why. "
                           "It works before the first model, too.");
    const Theme& theme = context.theme;
    const float wide = ImGui::GetContentRegionAvail().x;
    ImGui::BeginChild("cards", {std::clamp(wide * 0.28F, theme.px(190), theme.px(330)), 0}, false,
                      ImGuiWindowFlags_NoBackground);
    draw_cards(context);
    ImGui::EndChild();
    ImGui::SameLine();
    ImGui::BeginChild("current", {0, 0}, false, ImGuiWindowFlags_NoBackground);
    draw_current(context);
    ImGui::EndChild();
}

void ReviewView::draw_top(const ViewContext& context) {
    const Theme& theme = context.theme;
    const EditorModel& model = context.model();
    const float meter = std::clamp(ImGui::GetContentRegionAvail().x * 0.32F, theme.px(160), theme.px(340));
    ImGui::BeginGroup();
    heading(theme, "Hard examples");
    if (counted_.track) {
        ImGui::SameLine();
        text_within("on " + context.document().at<schemas::Track>(*counted_.track).name, theme.px(200));
    }
    ImGui::PushFont(theme.small);
    faint_text(theme, model.output.queue.empty()
                          ? "No queue yet"
                          : std::to_string(counted_.open) + " of " + std::to_string(model.output.queue.size()) +
                                " still open, the most telling first");
    ImGui::PopFont();
    ImGui::EndGroup();
    const float right = ImGui::GetCursorStartPos().x + ImGui::GetContentRegionAvail().x;
    ImGui::SameLine(right - meter - theme.px(150));
    draw_job_or_button(context, JobKind::queue, "Build queue", theme.px(136),
                       BuildQueue{counted_.track.value_or(schemas::TrackId{}), 20, {}});
    ImGui::SameLine(right - meter);
    budget_meter(theme, counted_.labelled, model.output.budget, meter);
    ImGui::Dummy({0, theme.px(2)});
}

void ReviewView::draw_cards(const ViewContext& context) {
    const auto current = context.state().queue_index;
    const float height = context.theme.px(62), step = height + ImGui::GetStyle().ItemSpacing.y;
    if (current && current != shown_) {
        const float top = static_cast<float>(*current) * step;
        if (top < ImGui::GetScrollY() || top + step > ImGui::GetScrollY() + ImGui::GetWindowHeight())
            ImGui::SetScrollY(top - ImGui::GetWindowHeight() / 3);
        shown_ = current;
    }
    ImGuiListClipper clipper;
    clipper.Begin(static_cast<int>(context.model().output.queue.size()), step);
    while (clipper.Step())
        for (int i = clipper.DisplayStart; i < clipper.DisplayEnd; ++i)
            draw_card(context, static_cast<std::size_t>(i), height);
}

void ReviewView::draw_card(const ViewContext& context, std::size_t index, float height) {
    const Theme& theme = context.theme;
    const QueueItem& item = context.model().output.queue[index];
    const bool current = context.state().queue_index == index;
    const bool done = index < counted_.answered.size() && counted_.answered[index] != 0;
    const ImVec2 at = ImGui::GetCursorScreenPos();
    const float width = ImGui::GetContentRegionAvail().x, pad = theme.px(8);
    ImGui::PushID(static_cast<int>(index));
    if (ImGui::InvisibleButton("card", {width, height})) context.outbox.send(OpenQueueItem{index});
    const bool hovered = ImGui::IsItemHovered();
    ImDrawList& list = *ImGui::GetWindowDrawList();
    const ImVec2 to{at.x + width, at.y + height};
    const ImU32 faint = current || hovered ? theme.text : theme.faint_text;
    list.AddRectFilled(at, to,
                       current   ? mixed(theme.raised, theme.accent, 0.28F)
                       : hovered ? mixed(theme.raised, theme.accent, 0.12F)
                                 : theme.raised,
                       theme.px(5));
    if (current) list.AddRectFilled(at, {at.x + theme.px(4), to.y}, theme.accent, theme.px(2));
    list.PushClipRect({at.x + pad, at.y}, {to.x - pad, to.y}, true);
    const float line = ImGui::GetTextLineHeight();
    const std::string number = std::to_string(index + 1) + "  ";
    const float number_width = ImGui::CalcTextSize(number.c_str()).x;
    list.AddText({at.x + pad + theme.px(2), at.y + theme.px(6)}, faint, number.c_str());
    list.AddText({at.x + pad + theme.px(2) + number_width, at.y + theme.px(6)}, done ? faint : theme.text,
                 clip_name(context.document(), item.clip).c_str());
    ImGui::PushFont(theme.small);
    const std::string spans = span_text(context.document(), item);
    list.AddText({at.x + pad + theme.px(2), at.y + theme.px(9) + line}, faint, spans.c_str());
    const std::string why = done ? "done" : item.reasons.empty() ? "" : item.reasons.front();
    list.AddText({at.x + pad + theme.px(2), at.y + theme.px(11) + line + ImGui::GetTextLineHeight()},
                 done && !current && !hovered ? theme.good : faint, why.c_str());
    ImGui::PopFont();
    list.PopClipRect();
    ImGui::PopID();
}

void ReviewView::draw_current(const ViewContext& context) {
    const Theme& theme = context.theme;
    const auto index = context.state().queue_index;
    if (!index || *index >= context.model().output.queue.size() || !counted_.track)
        return empty_state(theme, "Nothing is chosen.", "Click a card on the left.");
    const QueueItem& item = context.model().output.queue[*index];
    heading(theme, clip_name(context.document(), item.clip));
    ImGui::PushFont(theme.small);
    std::string place = span_text(context.document(), item);
    if (item.performer)
        if (const auto* performer = context.document().find<schemas::Performer>(*item.performer))
            place += " · performer " + performer->name;
    faint_text(theme, place);
    ImGui::PopFont();
    ImGui::Dummy({0, theme.px(2)});
    draw_strip(context, item);
    ImGui::Dummy({0, theme.px(6)});
    draw_buttons(context, item);
    ImGui::Dummy({0, theme.px(6)});
    draw_thoughts(context, item);
    ImGui::Dummy({0, theme.px(6)});
    draw_labels(context);
}

// The first frame, the last one, and some between: as many as keep their size.
void ReviewView::draw_strip(const ViewContext& context, const QueueItem& item) {
    const Theme& theme = context.theme;
    if (context.document().find<schemas::Clip>(item.clip) == nullptr) return;
    const ImVec2 room = ImGui::GetContentRegionAvail(), at = ImGui::GetCursorScreenPos();
    const float gap = theme.px(6);
    const int count = std::clamp(static_cast<int>(room.x / theme.px(170)), 2, 6);
    const float wide = (room.x - gap * static_cast<float>(count - 1)) / static_cast<float>(count);
    const float high = std::min(wide * 0.75F, std::max(theme.px(70), room.y * 0.36F));
    for (int i = 0; i < count; ++i) {
        const schemas::FrameIndex frame = item.span.begin + (item.span.length() - 1) * i / (count - 1);
        draw_frame_thumbnail(context, item.clip, frame, {at.x + (wide + gap) * static_cast<float>(i), at.y},
                             {wide, high});
    }
    if (ImGui::InvisibleButton("strip", {room.x, high})) context.outbox.send(ShowWorkspace{Workspace::annotate});
    if (ImGui::IsItemHovered()) ImGui::SetTooltip("Show it in Annotate");
}

void ReviewView::draw_buttons(const ViewContext& context, const QueueItem& item) {
    const Theme& theme = context.theme;
    const bool named = !top_for(context.model().output, item, *counted_.track).empty();
    struct Button {
        const char* verb;
        Action action;
        bool primary, needs_opinion;
    };
    constexpr std::array<Button, 5> buttons{{{"Accept", Action::accept, true, true},
                                             {"Reject", Action::reject, false, true},
                                             {"Correct", Action::correct, false, false},
                                             {"Skip", Action::skip_in_queue, false, false},
                                             {"Back", Action::previous_in_queue, false, false}}};
    for (const Button& button : buttons) {
        const std::string keys = context.keymap.keys_text(button.action);
        const std::string text = button.verb + (keys.empty() ? "" : "  " + keys) + "###" + button.verb;
        const float width = ImGui::CalcTextSize(text.c_str(), nullptr, true).x + theme.px(26);
        if (ImGui::GetContentRegionAvail().x < width) ImGui::NewLine();
        ImGui::BeginDisabled(button.needs_opinion && !named);
        const ImVec2 size{width, theme.px(32)};
        if (button.primary ? primary_button(theme, text.c_str(), size) : ImGui::Button(text.c_str(), size))
            context.outbox.send(button.action);
        context.mark(button.action);
        ImGui::EndDisabled();
        ImGui::SameLine();
    }
    ImGui::NewLine();
}

void ReviewView::draw_thoughts(const ViewContext& context, const QueueItem& item) {
    const bool beside = ImGui::GetContentRegionAvail().x > context.theme.px(520) && !item.reasons.empty();
    if (!ImGui::BeginTable("thoughts", beside ? 2 : 1, ImGuiTableFlags_SizingStretchSame)) return;
    ImGui::TableNextColumn();
    draw_opinion(context, item);
    if (!item.reasons.empty()) {
        ImGui::TableNextColumn();
        heading(context.theme, "Why it is here");
        for (const std::string& reason : item.reasons) {
            ImGui::Bullet();
            wrapped_text(reason);
        }
    }
    ImGui::EndTable();
}

void ReviewView::draw_opinion(const ViewContext& context, const QueueItem& item) {
    const Theme& theme = context.theme;
    const Document& document = context.document();
    const auto& top = top_for(context.model().output, item, *counted_.track);
    heading(theme, "What the model thinks");
    if (top.empty())
        return faint_text(theme, context.model().output.promoted.contains(*counted_.track)
                                     ? "Nothing yet: the queue was built without it. Build the queue again to hear it, "
                                       "or choose the label below."
                                     : "No model speaks yet. Choose the label below, or with its key; once a model is "
                                       "promoted it is heard here.");
    const float name_width = std::min(theme.px(200), ImGui::GetContentRegionAvail().x * 0.4F);
    const float left = ImGui::GetCursorPosX();
    for (const schemas::LabelScore& entry : top) {
        const ImU32 colour = colour_of(document, entry.label, theme);
        swatch(theme, colour);
        ImGui::SameLine();
        text_within(name_of(document, entry.label), name_width - theme.px(20));
        ImGui::SameLine(left + name_width);
        const float bar =
            std::max(theme.px(40), std::min(theme.px(260), ImGui::GetContentRegionAvail().x - theme.px(70)));
        ImGui::SetCursorPosY(ImGui::GetCursorPosY() + (ImGui::GetTextLineHeight() - theme.px(10)) / 2);
        share_bar(theme, entry.score, {bar, theme.px(10)}, colour);
        ImGui::SameLine();
        ImGui::SetCursorPosY(ImGui::GetCursorPosY() - (ImGui::GetTextLineHeight() - theme.px(10)) / 2);
        ImGui::PushFont(theme.mono);
        ImGui::Text("%5s", percent_text(entry.score).c_str());
        ImGui::PopFont();
    }
}

void ReviewView::draw_labels(const ViewContext& context) {
    const Theme& theme = context.theme;
    const auto& labels = counted_.labels;
    const std::string correct = "Correct" + context.in_brackets(Action::correct);
    if (labels.empty())
        return faint_text(theme, "The track has no labels yet. " + correct + " asks for one and makes it.");
    heading(theme, "It is");
    const float right = ImGui::GetCursorScreenPos().x + ImGui::GetContentRegionAvail().x;
    const std::size_t shown = std::min(labels.size(), most_label_buttons);
    for (std::size_t i = 0; i < shown; ++i) {
        const float wide = std::min(theme.px(180), ImGui::CalcTextSize(labels[i].name.c_str()).x + theme.px(30));
        if (i > 0 && ImGui::GetItemRectMax().x + wide + theme.px(8) < right) ImGui::SameLine();
        ImGui::PushID(static_cast<int>(i));
        const ImVec2 at = ImGui::GetCursorScreenPos();
        if (ImGui::Button("##label", {wide, 0})) context.outbox.send(UseLabel{labels[i].id});
        if (ImGui::IsItemHovered()) {
            const std::string key = key_of(context, labels[i]);
            ImGui::BeginTooltip();
            ImGui::PushTextWrapPos(theme.px(320));
            ImGui::TextUnformatted((labels[i].name + (key.empty() ? "" : "  " + key)).c_str());
            ImGui::PopTextWrapPos();
            ImGui::EndTooltip();
        }
        ImDrawList& list = *ImGui::GetWindowDrawList();
        const ImVec2 to = ImGui::GetItemRectMax();
        list.AddRectFilled({at.x + theme.px(6), at.y + theme.px(6)}, {at.x + theme.px(12), to.y - theme.px(6)},
                           colour_from(labels[i].colour, theme), theme.px(2));
        list.PushClipRect(at, {to.x - theme.px(6), to.y}, true);
        list.AddText({at.x + theme.px(18), at.y + ImGui::GetStyle().FramePadding.y}, theme.text,
                     labels[i].name.c_str());
        list.PopClipRect();
        ImGui::PopID();
    }
    if (shown < labels.size())
        faint_text(theme, std::to_string(labels.size() - shown) + " more: " + correct + " finds them as you type.");
}

}  // namespace annotator
