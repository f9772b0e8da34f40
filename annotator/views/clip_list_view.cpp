#include "annotator/views/clip_list_view.h"

#include <imgui_stdlib.h>

#include <algorithm>

#include "annotator/document/taxonomy_commands.h"
#include "annotator/widgets/icons.h"
#include "annotator/widgets/page.h"
#include "annotator/widgets/short_text.h"
#include "annotator/widgets/state_bar.h"

namespace annotator {

namespace {

constexpr float row_points = 40;

std::optional<schemas::TrackId> track_at_hand(const EditorModel& model) {
    if (model.state.line) return model.state.line->track;
    for (const auto kind : {schemas::TrackKind::category, schemas::TrackKind::primitive})
        if (const schemas::Track* track = track_of_kind(model.document(), kind)) return track->id;
    return std::nullopt;
}

// A combo of choices of which none may be chosen.
template <class Value, class Choices>
void filter_combo(const char* id, const char* none, std::optional<Value>& chosen, const Choices& choices) {
    const auto now = std::ranges::find(choices, chosen, [](const auto& choice) { return std::optional(choice.first); });
    if (!ImGui::BeginCombo(id, now == choices.end() ? none : now->second.c_str())) return;
    if (ImGui::Selectable(none, !chosen)) chosen.reset();
    for (const auto& [value, name] : choices) {
        ImGui::PushID(&name);
        if (ImGui::Selectable(name.c_str(), chosen == value)) chosen = value;
        ImGui::PopID();
    }
    ImGui::EndCombo();
}

std::vector<std::pair<FrameState, std::string>> all_states() {
    std::vector<std::pair<FrameState, std::string>> states;
    for (int i = 0; i <= static_cast<int>(FrameState::disputed); ++i)
        states.emplace_back(static_cast<FrameState>(i), name_of(static_cast<FrameState>(i)));
    return states;
}

}  // namespace

void ClipListView::follow_filter(const ViewContext& context) {
    const Document& document = context.document();
    filter_ = context.state().clip_filter;
    const auto* category = filter_.category ? document.find<schemas::Label>(*filter_.category) : nullptr;
    if (category == nullptr || category->deprecated) filter_.category.reset();
    if (filter_.performer && document.find<schemas::Performer>(*filter_.performer) == nullptr)
        filter_.performer.reset();
}

void ClipListView::draw_more_filters(const ViewContext& context) {
    const float gap = ImGui::GetStyle().ItemSpacing.x;
    const float half = (ImGui::GetContentRegionAvail().x - gap) / 2;
    ImGui::PushStyleVar(ImGuiStyleVar_FramePadding, {context.theme.px(7), context.theme.px(3)});
    ImGui::PushFont(context.theme.small);
    static const auto states = all_states();
    ImGui::SetNextItemWidth(half);
    filter_combo("##state", "Any state", filter_.state, states);
    ImGui::SameLine(0, gap);
    ImGui::SetNextItemWidth(half);
    filter_combo("##category", "Any category", filter_.category, categories_);
    ImGui::SetNextItemWidth(half);
    filter_combo("##performer", "Anybody", filter_.performer, performers_);
    ImGui::SameLine(0, gap);
    bool only = filter_.problems == ClipFilter::Problems::only;
    if (ImGui::Checkbox("Problems", &only))
        filter_.problems = only ? ClipFilter::Problems::only : ClipFilter::Problems::any;
    ImGui::PopFont();
    ImGui::PopStyleVar();
}

void ClipListView::draw_filters(const ViewContext& context) {
    const Theme& theme = context.theme;
    const auto all = static_cast<std::int64_t>(context.document().rows<schemas::Clip>().size());
    const std::string hint = "Filter " + grouped(all) + (all == 1 ? " clip" : " clips");
    const bool clearable = !filter_.empty();
    ImGui::PushStyleVar(ImGuiStyleVar_ItemSpacing, {theme.px(6), theme.px(5)});
    ImGui::SetNextItemWidth(clearable ? -ImGui::GetFrameHeight() - theme.px(4) : -1.0F);
    ImGui::InputTextWithHint("##text", hint.c_str(), &filter_.text);
    if (clearable) {
        ImGui::SameLine(0, theme.px(4));
        const ImVec2 at = ImGui::GetCursorScreenPos();
        const float side = ImGui::GetFrameHeight();
        if (ImGui::Button("##clear", {side, side})) filter_ = {};
        draw_icon(*ImGui::GetWindowDrawList(), Icon::close, {at.x + side / 2, at.y + side / 2}, theme.px(12),
                  theme.text);
        if (ImGui::IsItemHovered()) ImGui::SetTooltip("Show all clips");
    }
    draw_more_filters(context);
    if (clearable) {
        ImGui::PushFont(theme.small);
        ImGui::TextDisabled("%s of %s clips", grouped(static_cast<std::int64_t>(rows_.size())).c_str(),
                            grouped(all).c_str());
        ImGui::PopFont();
    }
    ImGui::PopStyleVar();
}

void ClipListView::collect(const ViewContext& context) {
    const EditorModel& model = context.model();
    const auto track = track_at_hand(model);
    if (revision_ == model.revision && collected_filter_ == filter_ && track_ == track) return;
    if (revision_ != model.revision) collect_choices(model.document());
    rows_ = clip_rows({model.document(), track, model.output.proposals, model.problems}, filter_);
    shown_.clear();
    revision_ = model.revision;
    collected_filter_ = filter_;
    track_ = track;
}

void ClipListView::collect_choices(const Document& document) {
    categories_.clear();
    performers_.clear();
    if (const schemas::Track* track = track_of_kind(document, schemas::TrackKind::category))
        for (const schemas::Label& label : labels_of(document, track->id))
            categories_.emplace_back(label.id, label.name);
    for (const auto& [id, performer] : document.rows<schemas::Performer>())
        performers_.emplace_back(id, performer.name);
    std::ranges::sort(performers_, {}, &std::pair<schemas::PerformerId, std::string>::second);
}

const ClipListView::Shown& ClipListView::shown(const ViewContext& context, const ClipRow& row) {
    const auto [entry, fresh] = shown_.try_emplace(row.id);
    if (!fresh || !track_) return entry->second;
    const EditorModel& model = context.model();
    const auto& clip = model.document().at<schemas::Clip>(row.id);
    static const std::vector<schemas::Proposal> none;
    const auto proposals = model.output.proposals.find(row.id);
    entry->second.bar = state_bar(model.document(), clip, *track_,
                                  proposals == model.output.proposals.end() ? none : proposals->second);
    if (const schemas::Track* track = track_of_kind(model.document(), schemas::TrackKind::category))
        if (const schemas::Label* label = category_of(model.document(), clip, track->id))
            entry->second.category = label->name;
    return entry->second;
}

void ClipListView::draw_row(const ViewContext& context, const ClipRow& row) {
    const Theme& theme = context.theme;
    const ImVec2 at = ImGui::GetCursorScreenPos();
    const float wide = ImGui::GetContentRegionAvail().x, high = theme.px(row_points);
    ImGui::PushID(static_cast<int>(static_cast<std::int64_t>(row.id) & 0x7FFFFFFF));
    if (ImGui::InvisibleButton("clip", {wide, high})) {
        followed_ = row.id;
        context.outbox.send(OpenClip{row.id, {}});
    }
    context.mark("clip " + row.name);
    ImGui::PopID();
    const bool open = context.state().clip == row.id, hovered = ImGui::IsItemHovered(), lit = open || hovered;
    ImDrawList& list = *ImGui::GetWindowDrawList();
    if (lit)
        list.AddRectFilled(at, {at.x + wide, at.y + high}, mixed(theme.panel, theme.accent, open ? 0.3F : 0.12F),
                           theme.px(5));
    const Shown& what = shown(context, row);
    const float side = theme.px(8), text_y = at.y + theme.px(5);
    float right = at.x + wide - side;
    if (row.has_problem) {
        right -= theme.px(14);
        draw_icon(list, Icon::warning, {right + theme.px(7), text_y + ImGui::GetTextLineHeight() / 2}, theme.px(13),
                  theme.warning);
        right -= theme.px(4);
    }
    if (!what.category.empty()) {
        ImGui::PushFont(theme.small);
        const float most = wide * 0.42F, needs = std::min(most, ImGui::CalcTextSize(what.category.c_str()).x);
        right -= needs;
        clipped_text(list, {right, text_y + theme.px(2)}, most, lit ? theme.text : theme.faint_text, what.category);
        ImGui::PopFont();
        right -= side;
    }
    clipped_text(list, {at.x + side, text_y}, right - at.x - side, theme.text, row.name);
    const ImVec2 from{at.x + side, at.y + high - theme.px(12)}, to{at.x + wide - side, from.y + theme.px(6)};
    draw_state_bar(list, theme, from, to, what.bar);
    if (hovered) draw_hover(context, row, what.bar, from, to);
}

// The state under the mouse by its name, and what the import found.
void ClipListView::draw_hover(const ViewContext& context, const ClipRow& row, const StateBar& bar, ImVec2 from,
                              ImVec2 to) {
    const ImVec2 mouse = ImGui::GetIO().MousePos;
    const float reach = context.theme.px(4);
    const bool over_bar = mouse.x >= from.x && mouse.x < to.x && mouse.y >= from.y - reach && mouse.y <= to.y + reach;
    if (!over_bar && !row.has_problem) return;
    ImGui::BeginTooltip();
    if (over_bar) {
        const float share = (mouse.x - from.x) / (to.x - from.x);
        const auto part = static_cast<std::size_t>(share * static_cast<float>(bar.size()));
        ImGui::TextUnformatted(name_of(bar[std::min(part, bar.size() - 1)]).data());
    }
    if (row.has_problem) {
        const auto& clip = context.document().at<schemas::Clip>(row.id);
        for (const std::string& problem : context.model().problems.at(clip.take))
            ImGui::TextUnformatted(problem.c_str());
    }
    ImGui::EndTooltip();
}

void ClipListView::follow_clip(const ViewContext& context, float row_height) {
    if (followed_ == context.state().clip) return;
    followed_ = context.state().clip;
    const auto found = std::ranges::find(rows_, followed_, [](const ClipRow& row) { return std::optional(row.id); });
    if (found == rows_.end()) return;
    const float at = static_cast<float>(found - rows_.begin()) * row_height, room = ImGui::GetWindowHeight();
    if (at < ImGui::GetScrollY() || at + row_height > ImGui::GetScrollY() + room)
        ImGui::SetScrollY(at - (room - row_height) / 2);
}

void ClipListView::draw(const ViewContext& context) {
    follow_filter(context);
    draw_filters(context);
    if (filter_ != context.state().clip_filter) context.outbox.send(FilterClips{filter_});
    collect(context);
    ImGui::Dummy({0, context.theme.px(5)});
    ImGui::BeginChild("rows", {0, 0}, false, ImGuiWindowFlags_NoBackground);
    ImGui::PushStyleVar(ImGuiStyleVar_ItemSpacing, {0, 0});
    const float row_height = context.theme.px(row_points);
    follow_clip(context, row_height);
    if (rows_.empty() && filter_.empty())
        ImGui::TextWrapped("No clip yet. Drop recordings on the window, or import them with %s.",
                           context.keymap.keys_text(Action::import_recordings).c_str());
    if (rows_.empty() && !filter_.empty()) ImGui::TextDisabled("No clip passes the filter.");
    ImGuiListClipper clipper;
    clipper.Begin(static_cast<int>(rows_.size()), row_height);
    while (clipper.Step())
        for (int i = clipper.DisplayStart; i < clipper.DisplayEnd; ++i)
            draw_row(context, rows_[static_cast<std::size_t>(i)]);
    ImGui::PopStyleVar();
    ImGui::EndChild();
}

}  // namespace annotator
