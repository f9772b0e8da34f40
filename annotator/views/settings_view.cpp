#include "annotator/views/settings_view.h"

#include <imgui_stdlib.h>

#include <algorithm>
#include <cmath>

#include "annotator/document/taxonomy_commands.h"
#include "annotator/views/text_search.h"
#include "annotator/widgets/icons.h"
#include "annotator/widgets/overlay.h"

namespace annotator {

namespace {

void heading(const Theme& theme, const char* text) {
    ImGui::Dummy({0, theme.px(4)});
    ImGui::PushFont(theme.strong);
    ImGui::PushStyleColor(ImGuiCol_Text, theme.accent);
    ImGui::TextUnformatted(text);
    ImGui::PopStyleColor();
    ImGui::PopFont();
}

void row(const Theme& theme, const char* name) {
    ImGui::AlignTextToFramePadding();
    ImGui::TextUnformatted(name);
    ImGui::SameLine(theme.px(130));
}

template <class Change>
void change_settings(const ShellContext& context, const Change& change) {
    Settings changed = context.settings;
    change(changed);
    if (!(changed == context.settings)) context.outbox.send(ChangeSettings{changed});
}

// A row of choices of which one counts.
template <class Value, class Set>
void choice(const ShellContext& context, std::initializer_list<std::pair<const char*, Value>> choices, Value now,
            const Set& set) {
    bool first = true;
    for (const auto& [name, value] : choices) {
        if (!std::exchange(first, false)) ImGui::SameLine();
        ImGui::PushStyleColor(ImGuiCol_Button, value == now ? mixed(context.theme.panel, context.theme.accent, 0.4F)
                                                            : context.theme.raised);
        if (ImGui::Button(name)) change_settings(context, [&](Settings& to) { set(to, value); });
        ImGui::PopStyleColor();
    }
}

// The first colours that labels get.
void swatches(const Theme& theme) {
    constexpr std::size_t hues = 7;
    const float side = ImGui::GetFrameHeight() * 0.6F;
    for (std::size_t i = 0; i < hues; ++i) {
        ImGui::SameLine();
        const ImVec2 at = ImGui::GetCursorScreenPos();
        const float down = (ImGui::GetFrameHeight() - side) / 2;
        ImGui::GetWindowDrawList()->AddRectFilled({at.x, at.y + down}, {at.x + side, at.y + down + side},
                                                  colour_from(label_colour(i), theme), theme.px(3));
        ImGui::Dummy({side, side});
    }
}

}  // namespace

std::vector<std::string> key_conflicts(const Keymap& keymap, const Document* document) {
    std::vector<std::string> sentences;
    for (const KeyConflict& conflict : keymap.conflicts()) {
        std::string sentence = text_of(conflict.chord) + " does \"" +
                               std::string(info_of(conflict.actions.front()).title) + "\"; it cannot also do";
        for (std::size_t i = 1; i < conflict.actions.size(); ++i)
            sentence += (i == 1 ? " \"" : ", \"") + std::string(info_of(conflict.actions[i]).title) + "\"";
        sentences.push_back(sentence + ".");
    }
    if (document == nullptr) return sentences;
    for (const auto& [id, label] : document->rows<schemas::Label>()) {
        if (!label.hotkey || label.deprecated) continue;
        std::string key = *label.hotkey;
        if (key.size() == 1 && key[0] >= 'a' && key[0] <= 'z') key[0] = static_cast<char>(key[0] - 'a' + 'A');
        const auto chord = chord_from(key);
        const auto action = chord ? keymap.action_of(*chord) : std::nullopt;
        if (action)
            sentences.push_back(key + " does \"" + std::string(info_of(*action).title) + "\"; the label \"" +
                                label.name + "\" gets another key.");
    }
    return sentences;
}

void SettingsView::take_key(const Chord& chord, const ShellContext& context) {
    const Action action = *std::exchange(rebinding_, std::nullopt);
    if (chord == Chord{static_cast<char32_t>(SpecialKey::escape)}) return;
    change_settings(context, [&](Settings& to) {
        std::vector<Chord> chords = context.keymap.chords_of(action);
        std::erase(chords, chord);
        chords.insert(chords.begin(), chord);
        to.rebound[action] = std::move(chords);
    });
}

void SettingsView::draw_looks(const ShellContext& context) {
    const Theme& theme = context.theme;
    const Settings& settings = context.settings;
    heading(theme, "Looks");
    row(theme, "Theme");
    choice(context, {{"Dark", ThemeKind::dark}, {"Light", ThemeKind::light}}, settings.theme,
           [](Settings& to, ThemeKind kind) { to.theme = kind; });
    row(theme, "Colours");
    choice(context, {{"Okabe and Ito", Palette::okabe_ito}, {"Tol", Palette::tol}}, settings.palette,
           [](Settings& to, Palette palette) { to.palette = palette; });
    swatches(theme);
    row(theme, "Scale");
    float percent = scale_.value_or(static_cast<float>(100 * settings.scale));
    ImGui::SetNextItemWidth(theme.px(260));
    // Counts when it is let go: a slider that grows under the mouse cannot be held.
    if (ImGui::SliderFloat("##scale", &percent, 75, 300, "%.0f %%")) scale_ = percent;
    if (ImGui::IsItemDeactivated() && scale_) {
        const double scale = std::round(*std::exchange(scale_, std::nullopt) / 5) * 0.05;
        change_settings(context, [&](Settings& to) { to.scale = std::clamp(scale, least_scale, most_scale); });
    }
    row(theme, "Sound volume");
    float volume = volume_.value_or(static_cast<float>(100 * settings.sound_volume));
    ImGui::SetNextItemWidth(theme.px(260));
    if (ImGui::SliderFloat("##volume", &volume, 0, 100, "%.0f %%")) volume_ = volume;
    if (ImGui::IsItemDeactivated() && volume_)
        change_settings(context, [&](Settings& to) { to.sound_volume = *std::exchange(volume_, std::nullopt) / 100; });
}

void SettingsView::draw_conflicts(const ShellContext& context, const EditorModel* model) {
    const auto sentences = key_conflicts(context.keymap, model == nullptr ? nullptr : &model->document());
    ImGui::PushStyleColor(ImGuiCol_Text, context.theme.warning);
    for (const std::string& sentence : sentences) {
        icon(Icon::warning, context.theme.warning);
        ImGui::SameLine();
        ImGui::TextWrapped("%s", sentence.c_str());
    }
    ImGui::PopStyleColor();
}

void SettingsView::draw_action(const ShellContext& context, const ActionInfo& info) {
    const Theme& theme = context.theme;
    ImGui::PushID(static_cast<int>(info.action));
    ImGui::TableNextRow();
    ImGui::TableNextColumn();
    ImGui::AlignTextToFramePadding();
    ImGui::TextUnformatted(info.title.data());
    ImGui::TableNextColumn();
    const std::vector<Chord> chords = context.keymap.chords_of(info.action);
    for (const Chord& chord : chords) {
        const std::string text = text_of(chord);
        if (ImGui::SmallButton(text.c_str()))
            change_settings(context, [&](Settings& to) {
                std::vector<Chord> left = chords;
                std::erase(left, chord);
                to.rebound[info.action] = std::move(left);
            });
        if (ImGui::IsItemHovered()) ImGui::SetTooltip("Click to take %s away", text.c_str());
        ImGui::SameLine();
    }
    const bool waits = rebinding_ == info.action;
    if (waits) ImGui::PushStyleColor(ImGuiCol_Button, mixed(theme.panel, theme.accent, 0.5F));
    // "+" may be the name of a key as well.
    if (ImGui::SmallButton(waits ? "Press a key …###add" : "+###add")) {
        if (waits)
            rebinding_.reset();
        else
            rebinding_ = info.action;
    }
    context.mark("key of " + std::string(info.name));
    if (waits) ImGui::PopStyleColor();
    if (context.settings.rebound.contains(info.action)) {
        ImGui::SameLine();
        if (ImGui::SmallButton("Reset")) change_settings(context, [&](Settings& to) { to.rebound.erase(info.action); });
    }
    ImGui::PopID();
}

void SettingsView::draw_keys(const ShellContext& context, const EditorModel* model) {
    const Theme& theme = context.theme;
    heading(theme, "Keys");
    row(theme, "Like in");
    choice<std::string_view>(context, {{"Editor", "Editor"}, {"CVAT", "CVAT"}, {"ELAN", "ELAN"}, {"BORIS", "BORIS"}},
                             context.settings.keymap,
                             [](Settings& to, std::string_view name) { to.keymap = std::string(name); });
    if (!context.settings.rebound.empty()) {
        ImGui::SameLine(0, theme.px(20));
        if (ImGui::Button("Reset all keys")) change_settings(context, [](Settings& to) { to.rebound.clear(); });
    }
    draw_conflicts(context, model);
    ImGui::SetNextItemWidth(-1);
    ImGui::InputTextWithHint("##filter", "Filter actions and keys", &filter_);
    if (!ImGui::BeginTable("keys", 2, ImGuiTableFlags_RowBg | ImGuiTableFlags_ScrollY)) return;
    ImGui::TableSetupColumn("action", ImGuiTableColumnFlags_WidthStretch, 1);
    ImGui::TableSetupColumn("keys", ImGuiTableColumnFlags_WidthStretch, 1.2F);
    for (const ActionInfo& info : all_actions())
        if (has_text(info.title, filter_) || has_text(context.keymap.keys_text(info.action), filter_))
            draw_action(context, info);
    ImGui::EndTable();
}

void SettingsView::draw(const ShellContext& context, const EditorModel* model) {
    begin_overlay("settings", context.theme, 660, 640, 50);
    if (overlay_heading(context.theme, "Settings")) context.outbox.send(Ask{Asking::nothing});
    draw_looks(context);
    draw_keys(context, model);
    end_overlay();
}

}  // namespace annotator
