#include "annotator/views/label_picker.h"

#include <algorithm>
#include <cmath>

#include "annotator/document/taxonomy_commands.h"
#include "annotator/widgets/page.h"
#include "annotator/widgets/pressed_keys.h"

namespace annotator {

namespace {

constexpr float row_points = 26;
constexpr float picker_width_points = 300;
constexpr float picker_list_points = 320;
constexpr double asked_by_mouse_seconds = 0.4;

// A digit that is typed into an empty field is the key of a label, not the beginning of a name.
struct Typed {
    bool begins = true;  // nothing is in the field, nor came into it in this picture
    char digit = 0;
};
int take_digits(ImGuiInputTextCallbackData* data) {
    auto& typed = *static_cast<Typed*>(data->UserData);
    const bool taken = typed.begins && data->EventChar >= '0' && data->EventChar <= '9';
    if (taken && typed.digit == 0) typed.digit = static_cast<char>(data->EventChar);
    typed.begins &= taken;
    return taken ? 1 : 0;
}

// What is pasted is a name, whatever it begins with.
bool is_pasting() {
    const ImGuiIO& io = ImGui::GetIO();
    return io.KeyCtrl || (io.KeyShift && is_pressed(ImGuiKey_Insert));
}

}  // namespace

void LabelList::begin() {
    search_.fill('\0');
    highlighted_ = 0;
    takes_keyboard_ = true;
    revision_ = 0;
}

void LabelList::count(const ViewContext& context) {
    const auto& line = context.state().line;
    const std::uint64_t now = line ? context.model().revision_of(*line) : 0;
    if (counted_line_ == line && counted_revision_ == now) return;
    counted_line_ = line;
    counted_revision_ = now;
    counted_.clear();
    if (!line) return;
    for (const schemas::SegmentId id : context.document().segments(*line))
        ++counted_[context.document().at<schemas::Segment>(id).label];
}

void LabelList::bring_up_to_date(const ViewContext& context) {
    const EditorState& state = context.state();
    const auto number = [](auto id) { return std::to_string(static_cast<std::int64_t>(id)) + " "; };
    std::string now = std::string(search_.data()) + "\n";
    if (state.line) now += number(state.line->track) + number(state.line->performer.value_or(schemas::PerformerId{}));
    if (const auto segment = state.selection.segment()) now += "s" + number(*segment);
    if (state.selection.proposal) now += "p" + number(*state.selection.proposal);
    if (state.selection.empty()) now += "f" + std::to_string(context.model().frame);
    // Suggestions arrive without a change of the document.
    now += " " + std::to_string(state.suggestions.size()) + " " + std::to_string(static_cast<int>(state.workspace)) +
           " " + std::to_string(state.queue_index.value_or(0));
    if (revision_ == context.model().revision && now == made_for_) return;
    revision_ = context.model().revision;
    made_for_ = std::move(now);
    choices_ = label_choices(context.model(), context.keymap, search_.data());
    count(context);
    counts_.clear();
    for (const LabelChoice& choice : choices_) {
        const auto found = counted_.find(choice.label);
        counts_.push_back(found == counted_.end() ? 0 : found->second);
    }
    highlighted_ = std::min(highlighted_, choices_.empty() ? 0 : choices_.size() - 1);
}

bool LabelList::can_add(const ViewContext& context) const {
    return search_[0] != '\0' && context.model().track() != nullptr &&
           label_named(context.document(), context.model().track()->id, search_.data()) == nullptr;
}

bool LabelList::draw_field(const ViewContext& context, const char* hint) {
    if (std::exchange(takes_keyboard_, false)) ImGui::SetKeyboardFocusHere();
    Typed typed{search_[0] == '\0' && digits_ == Digits::are_keys && !is_pasting()};
    ImGui::SetNextItemWidth(-FLT_MIN);
    const bool entered = ImGui::InputTextWithHint(
        "##search", hint, search_.data(), search_.size(),
        ImGuiInputTextFlags_EnterReturnsTrue | ImGuiInputTextFlags_CallbackCharFilter, take_digits, &typed);
    if (ImGui::IsItemEdited()) highlighted_ = 0;
    if (ImGui::IsItemActive()) {
        if (is_pressed(ImGuiKey_DownArrow) && highlighted_ + 1 < choices_.size()) ++highlighted_;
        if (is_pressed(ImGuiKey_UpArrow) && highlighted_ > 0) --highlighted_;
    }
    const auto of_key = std::ranges::find(choices_, static_cast<char32_t>(typed.digit), &LabelChoice::key);
    if (typed.digit != 0 && of_key != choices_.end()) {
        context.outbox.send(UseLabel{of_key->label});
        return true;
    }
    if (!entered) return false;
    if (highlighted_ < choices_.size()) {
        context.outbox.send(UseLabel{choices_[highlighted_].label});
        return true;
    }
    if (can_add(context)) {
        context.outbox.send(AddLabel{context.model().track()->id, search_.data()});
        takes_keyboard_ = true;  // once more Enter uses it
    }
    return false;
}

void LabelList::draw_row(const ViewContext& context, const LabelChoice& choice, ImVec2 from, ImVec2 to,
                         bool highlighted) const {
    const Theme& theme = context.theme;
    ImDrawList& list = *ImGui::GetWindowDrawList();
    const auto segment = context.state().selection.segment();
    const auto* selected = segment ? context.document().find<schemas::Segment>(*segment) : nullptr;
    if (highlighted) list.AddRectFilled(from, to, mixed(theme.panel, theme.accent, 0.22F), theme.px(4));
    if (selected != nullptr && selected->label == choice.label)
        list.AddRect(from, to, theme.selection, theme.px(4), 0, theme.px(1.5F));
    const float middle = (from.y + to.y) / 2;
    const auto centred = [&](ImFont* font) { return middle - font->FontSize / 2; };
    ImFont* const mono = theme.mono != nullptr ? theme.mono : ImGui::GetFont();
    ImFont* const body = ImGui::GetFont();
    ImFont* const small = theme.small != nullptr ? theme.small : body;

    const float badge = theme.px(18);
    const ImVec2 box{from.x + theme.px(4), middle - badge / 2};
    list.AddRect(box, {box.x + badge, box.y + badge}, choice.key != 0 ? theme.border : theme.grid, theme.px(3));
    if (choice.key != 0) {
        const char key[2]{static_cast<char>(choice.key), '\0'};
        const float wide = mono->CalcTextSizeA(mono->FontSize, FLT_MAX, 0, key).x;
        list.AddText(mono, mono->FontSize, {box.x + (badge - wide) / 2, centred(mono)}, theme.text, key);
    }
    const float swatch = box.x + badge + theme.px(8);
    list.AddRectFilled({swatch, middle - theme.px(7)}, {swatch + theme.px(14), middle + theme.px(7)},
                       colour_from(choice.colour, theme), theme.px(3));
    std::string right;
    const auto place = static_cast<std::size_t>(&choice - choices_.data());
    if (choice.score >= 0)
        right = std::to_string(std::lround(100 * choice.score)) + " %";
    else if (place < counts_.size() && counts_[place] > 0)
        right = std::to_string(counts_[place]);
    const float end = to.x - theme.px(8) - small->CalcTextSizeA(small->FontSize, FLT_MAX, 0, right.c_str()).x;
    const ImU32 ink = highlighted ? theme.text : choice.score >= 0 ? theme.probability : theme.faint_text;
    list.AddText(small, small->FontSize, {end, centred(small)}, ink, right.c_str());
    const float name = swatch + theme.px(22);
    const ImVec4 clip{name, from.y, end - theme.px(6), to.y};
    list.AddText(body, body->FontSize, {name, centred(body)}, theme.text, choice.name.c_str(), nullptr, 0, &clip);
}

bool LabelList::draw_choice(const ViewContext& context, const LabelChoice& choice, bool highlighted) {
    const ImVec2 from = ImGui::GetCursorScreenPos();
    const ImVec2 size{std::max(1.0F, ImGui::GetContentRegionAvail().x), context.theme.px(row_points)};
    ImGui::PushID(std::to_string(static_cast<std::int64_t>(choice.label)).c_str());
    const bool clicked = ImGui::InvisibleButton("choice", size);
    const bool hovered = ImGui::IsItemHovered();
    context.mark("label " + choice.name);
    ImGui::PopID();
    draw_row(context, choice, from, {from.x + size.x, from.y + size.y}, highlighted || hovered);
    if (hovered)
        if (const auto* label = context.document().find<schemas::Label>(choice.label);
            label != nullptr && !label->description.empty())
            ImGui::SetTooltip("%s", label->description.c_str());
    if (clicked) context.outbox.send(UseLabel{choice.label});
    return clicked;
}

bool LabelList::draw_add(const ViewContext& context) {
    if (!can_add(context)) return false;
    const std::string title = "Add '" + std::string(search_.data()) + "'";
    if (!ImGui::Button(title.c_str(), {-FLT_MIN, 0})) return false;
    context.outbox.send(AddLabel{context.model().track()->id, search_.data()});
    return true;
}

bool LabelList::draw(const ViewContext& context, const char* hint, float height) {
    bring_up_to_date(context);
    bool chosen = draw_field(context, hint);
    ImGui::PushStyleVar(ImGuiStyleVar_ItemSpacing, {0, context.theme.px(2)});
    ImGui::BeginChild("choices", {0, height}, false, ImGuiWindowFlags_NoBackground);
    ImGuiListClipper clipper;
    clipper.Begin(static_cast<int>(choices_.size()));
    while (clipper.Step())
        for (int i = clipper.DisplayStart; i < clipper.DisplayEnd; ++i) {
            const auto place = static_cast<std::size_t>(i);
            chosen |= draw_choice(context, choices_[place], search_[0] != '\0' && place == highlighted_);
        }
    if (choices_.empty() && context.model().track() != nullptr) {
        if (search_[0] == '\0')
            faint_text(context.theme, "This track has no labels yet. Type a name above to add one.");
        else if (!can_add(context))
            faint_text(context.theme, "The track has this label, but it is offered no more.");
    }
    draw_add(context);
    ImGui::EndChild();
    ImGui::PopStyleVar();
    return chosen;
}

void LabelPicker::draw(const ViewContext& context) {
    const Theme& theme = context.theme;
    const ImGuiIO& io = ImGui::GetIO();
    if (io.MouseReleased[0] || io.MouseReleased[1]) mouse_used_ = ImGui::GetTime();
    const bool asked = context.state().asking == Asking::label;
    if (!asked) {
        open_ = false;
        return;
    }
    const bool fresh = !std::exchange(open_, true);
    const float wide = theme.px(picker_width_points), tall = theme.px(picker_list_points + 60);
    if (fresh) {
        list_.begin();
        const bool by_mouse = mouse_used_ >= 0 && ImGui::GetTime() - mouse_used_ < asked_by_mouse_seconds;
        const ImVec2 screen = io.DisplaySize;
        at_ = by_mouse ? io.MousePos : ImVec2{(screen.x - wide) / 2, screen.y * 0.22F};
        at_ = {std::clamp(at_.x, 0.0F, std::max(0.0F, screen.x - wide)),
               std::clamp(at_.y, 0.0F, std::max(0.0F, screen.y - tall))};
        ImGui::SetNextWindowFocus();
    }
    ImGui::SetNextWindowPos(at_);
    ImGui::SetNextWindowSize({wide, 0});
    ImGui::PushStyleVar(ImGuiStyleVar_WindowBorderSize, 1);
    ImGui::PushStyleVar(ImGuiStyleVar_WindowRounding, theme.px(6));
    ImGui::PushStyleColor(ImGuiCol_WindowBg, theme.panel);
    ImGui::Begin("label picker", nullptr,
                 ImGuiWindowFlags_NoDecoration | ImGuiWindowFlags_NoMove | ImGuiWindowFlags_NoSavedSettings |
                     ImGuiWindowFlags_AlwaysAutoResize);
    const bool chosen = list_.draw(context, "Type a name, or press its digit", theme.px(picker_list_points));
    const bool elsewhere =
        !fresh && ImGui::IsMouseClicked(0) &&
        !ImGui::IsWindowHovered(ImGuiHoveredFlags_RootAndChildWindows | ImGuiHoveredFlags_AllowWhenBlockedByActiveItem);
    if (!chosen && elsewhere) context.outbox.send(Ask{Asking::nothing});
    ImGui::End();
    ImGui::PopStyleColor();
    ImGui::PopStyleVar(2);
}

}  // namespace annotator
