#include "annotator/app/keymap.h"

#include <algorithm>
#include <stdexcept>
#include <utility>

namespace annotator {

namespace {

constexpr std::pair<std::string_view, SpecialKey> special_keys[] = {{"Space", SpecialKey::space},
                                                                    {"Enter", SpecialKey::enter},
                                                                    {"Tab", SpecialKey::tab},
                                                                    {"Escape", SpecialKey::escape},
                                                                    {"Backspace", SpecialKey::backspace},
                                                                    {"Del", SpecialKey::remove},
                                                                    {"Left", SpecialKey::left},
                                                                    {"Right", SpecialKey::right},
                                                                    {"Up", SpecialKey::up},
                                                                    {"Down", SpecialKey::down},
                                                                    {"Home", SpecialKey::home},
                                                                    {"End", SpecialKey::end},
                                                                    {"PgUp", SpecialKey::page_up},
                                                                    {"PgDn", SpecialKey::page_down},
                                                                    {"F1", SpecialKey::f1},
                                                                    {"F2", SpecialKey::f2},
                                                                    {"F3", SpecialKey::f3},
                                                                    {"F4", SpecialKey::f4},
                                                                    {"F5", SpecialKey::f5},
                                                                    {"F6", SpecialKey::f6},
                                                                    {"F7", SpecialKey::f7},
                                                                    {"F8", SpecialKey::f8},
                                                                    {"F9", SpecialKey::f9},
                                                                    {"F10", SpecialKey::f10},
                                                                    {"F11", SpecialKey::f11},
                                                                    {"F12", SpecialKey::f12}};

constexpr std::pair<std::string_view, Action> editor_preset[] = {
    {"F1", Action::show_annotate},
    {"F2", Action::show_review},
    {"F3", Action::show_train},
    {"F4", Action::show_curate},
    {"F5", Action::show_export},
    {"Ctrl+K", Action::command_palette},
    {"?", Action::cheat_sheet},
    {"Shift+?", Action::cheat_sheet},
    {"Shift+/", Action::cheat_sheet},
    {"Ctrl+,", Action::settings},
    {"Ctrl+O", Action::open_project},
    {"Ctrl+I", Action::import_recordings},
    {"Ctrl+W", Action::close_project},
    {"Ctrl+Q", Action::quit},
    {"Space", Action::play_pause},
    {"K", Action::play_pause},
    {"J", Action::shuttle_back},
    {"L", Action::shuttle_forward},
    {"Shift+J", Action::half_speed_back},
    {"Shift+L", Action::half_speed_forward},
    {"Left", Action::step_back},
    {"Right", Action::step_forward},
    {",", Action::step_back},
    {".", Action::step_forward},
    {"Shift+Left", Action::step_back_ten},
    {"Shift+Right", Action::step_forward_ten},
    {"Ctrl+Left", Action::step_back_second},
    {"Ctrl+Right", Action::step_forward_second},
    {"Up", Action::previous_boundary},
    {"Down", Action::next_boundary},
    {"Home", Action::clip_start},
    {"End", Action::clip_end},
    {"PgUp", Action::previous_clip},
    {"PgDn", Action::next_clip},
    {"G", Action::go_to},
    {"Ctrl+L", Action::loop_selection},
    {"R", Action::replay_selection},
    {"Shift+R", Action::replay_boundary},
    {"I", Action::mark_in},
    {"O", Action::mark_out},
    {"Enter", Action::make_segment},
    {"/", Action::label_palette},
    {"S", Action::split},
    {"M", Action::merge},
    {"[", Action::start_to_playhead},
    {"]", Action::end_to_playhead},
    {"Alt+[", Action::nudge_end_back},
    {"Alt+]", Action::nudge_end_forward},
    {"Ctrl+Alt+[", Action::nudge_start_back},
    {"Ctrl+Alt+]", Action::nudge_start_forward},
    {"Alt+Shift+[", Action::nudge_end_back_five},
    {"Alt+Shift+]", Action::nudge_end_forward_five},
    {"Ctrl+Alt+Shift+[", Action::nudge_start_back_five},
    {"Ctrl+Alt+Shift+]", Action::nudge_start_forward_five},
    {"A", Action::accept},
    {"X", Action::reject},
    {"C", Action::correct},
    {"Del", Action::remove},
    {"Ctrl+D", Action::copy_to_next_performer},
    {"Ctrl+Shift+D", Action::copy_to_next_track},
    {"P", Action::add_key_pose},
    {"Ctrl+M", Action::add_comment},
    {"Tab", Action::next_line},
    {"Shift+Tab", Action::previous_line},
    {"Shift+Down", Action::select_next},
    {"Shift+Up", Action::select_previous},
    {"Ctrl+A", Action::select_all},
    {"Escape", Action::clear_selection},
    {"F", Action::fit_selection},
    {"Shift+F", Action::fit_clip},
    {"=", Action::zoom_in},
    {"-", Action::zoom_out},
    {"Shift+S", Action::toggle_snapping},
    {"N", Action::next_in_queue},
    {"B", Action::previous_in_queue},
    {"Shift+N", Action::skip_in_queue},
    {"Ctrl+Z", Action::undo},
    {"Ctrl+Shift+Z", Action::redo},
    {"Ctrl+Y", Action::redo},
    {"Ctrl+J", Action::edit_key_points},
    {"Alt+J", Action::next_joint},
    {"Alt+Shift+J", Action::previous_joint},
    {"Alt+O", Action::mark_occluded},
    {"Alt+I", Action::interpolate_gap},
    {"Alt+B", Action::lock_bones},
    {"Alt+Shift+B", Action::settle_bones},
    {"Alt+S", Action::smooth_key_points},
    {"Alt+R", Action::reset_joint},
    {"Alt+X", Action::swap_sides},
    {"Alt+C", Action::copy_pose_forward},
    {"Ctrl+Alt+Left", Action::nudge_joint_left},
    {"Ctrl+Alt+Right", Action::nudge_joint_right},
    {"Ctrl+Alt+Up", Action::nudge_joint_up},
    {"Ctrl+Alt+Down", Action::nudge_joint_down},
    {"Ctrl+Alt+PgUp", Action::nudge_joint_nearer},
    {"Ctrl+Alt+PgDn", Action::nudge_joint_farther},
    {"Ctrl+T", Action::start_training},
    {"Ctrl+Shift+C", Action::cancel_job},
    {"Ctrl+Shift+P", Action::promote_model},
    {"Ctrl+P", Action::prelabel},
    {"Ctrl+Shift+Q", Action::build_queue},
    {"Ctrl+E", Action::export_dataset},
};

}  // namespace

std::string text_of(const Chord& chord) {
    std::string text;
    if (chord.control) text += "Ctrl+";
    if (chord.alt) text += "Alt+";
    if (chord.shift) text += "Shift+";
    const auto* special = std::ranges::find(special_keys, static_cast<SpecialKey>(chord.key),
                                            &std::pair<std::string_view, SpecialKey>::second);
    if (special != std::end(special_keys)) return text + std::string(special->first);
    return text + static_cast<char>(chord.key);
}

std::optional<Chord> chord_from(std::string_view text) {
    Chord chord;
    const auto takes = [&](std::string_view prefix) {
        if (text.size() <= prefix.size() || !text.starts_with(prefix)) return false;
        text.remove_prefix(prefix.size());
        return true;
    };
    for (bool more = true; more;) {
        more = false;
        if (takes("Ctrl+")) chord.control = more = true;
        if (takes("Alt+")) chord.alt = more = true;
        if (takes("Shift+")) chord.shift = more = true;
    }
    const auto* special = std::ranges::find(special_keys, text, &std::pair<std::string_view, SpecialKey>::first);
    if (special != std::end(special_keys)) {
        chord.key = static_cast<char32_t>(special->second);
        return chord;
    }
    if (text.size() != 1 || text[0] <= ' ' || text[0] > '~' || (text[0] >= 'a' && text[0] <= 'z')) return std::nullopt;
    chord.key = static_cast<char32_t>(text[0]);
    return chord;
}

Keymap Keymap::preset(std::string_view name) {
    if (name != "Editor") throw std::invalid_argument("there is no keymap '" + std::string(name) + "'");
    Keymap keymap;
    for (const auto& [text, action] : editor_preset) keymap.actions_[*chord_from(text)] = action;
    return keymap;
}

std::optional<Action> Keymap::action_of(const Chord& chord) const {
    const auto found = actions_.find(chord);
    return found == actions_.end() ? std::nullopt : std::optional(found->second);
}

std::vector<Chord> Keymap::chords_of(Action action) const {
    std::vector<Chord> chords;
    for (const auto& [chord, does] : actions_)
        if (does == action) chords.push_back(chord);
    return chords;
}

}  // namespace annotator
