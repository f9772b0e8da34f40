#include <algorithm>
#include <functional>
#include <stdexcept>
#include <utility>

#include "annotator/session/keymap.h"

namespace annotator {

namespace {

using Key = std::pair<std::string_view, Action>;

constexpr Key editor_keys[] = {
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
    {"Ctrl+N", Action::new_project},
    {"Ctrl+Shift+N", Action::demo_project},
    {"Ctrl+O", Action::open_project},
    {"Ctrl+I", Action::import_recordings},
    {"Ctrl+Backspace", Action::dismiss_notice},
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
    {"Ctrl+Shift+M", Action::resolve_comment},
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
    {"Ctrl+T", Action::start_training},
    {"Ctrl+Shift+C", Action::cancel_job},
    {"Ctrl+Shift+P", Action::promote_model},
    {"Ctrl+P", Action::prelabel},
    {"Ctrl+Shift+Q", Action::build_queue},
    {"Ctrl+E", Action::export_dataset},
    {"Ctrl+Shift+E", Action::make_split},
    {"Ctrl+Alt+E", Action::dry_run},
    {"Ctrl+Shift+K", Action::check_project},
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
};

// CVAT's documented keys (Shortcuts page of its manual): D F one frame, C V some frames, Left Right to the next
// labelled frame, N draws, Alt+M splits, M merges, E R to key frames, F1 and F2.
constexpr Key cvat_keys[] = {
    {"F1", Action::cheat_sheet},
    {"F2", Action::settings},
    {"Ctrl+1", Action::show_annotate},
    {"Ctrl+2", Action::show_review},
    {"Ctrl+3", Action::show_train},
    {"Ctrl+4", Action::show_curate},
    {"Ctrl+5", Action::show_export},
    {"D", Action::step_back},
    {"F", Action::step_forward},
    {"C", Action::step_back_ten},
    {"V", Action::step_forward_ten},
    {"Left", Action::previous_boundary},
    {"Right", Action::next_boundary},
    {"E", Action::select_previous},
    {"R", Action::select_next},
    {"`", Action::go_to},
    {"N", Action::make_segment},
    {"M", Action::merge},
    {"Alt+M", Action::split},
    {"Ctrl+B", Action::copy_to_next_performer},
    {"Q", Action::mark_occluded},
    {"K", Action::add_key_pose},
    {"Shift+F", Action::fit_selection},
    {"Ctrl+F", Action::fit_clip},
    {"Shift+C", Action::correct},
    {"Ctrl+N", Action::next_in_queue},
    {"Shift+E", Action::replay_boundary},
    {"Shift+V", Action::replay_selection},
};

// ELAN's documented keys: Ctrl+Space plays, Ctrl+arrows one frame, Shift+arrows one second, Alt+arrows to another
// annotation, Ctrl+Up and Ctrl+Down to another tier, Alt+N makes and Alt+D deletes one, Ctrl+J Ctrl+L its ends.
constexpr Key elan_keys[] = {
    {"Ctrl+Space", Action::play_pause},
    {"Space", Action::play_pause},
    {"Shift+Space", Action::replay_selection},
    {"Ctrl+Left", Action::step_back},
    {"Ctrl+Right", Action::step_forward},
    {"Shift+Left", Action::step_back_second},
    {"Shift+Right", Action::step_forward_second},
    {"Left", Action::step_back},
    {"Right", Action::step_forward},
    {",", Action::step_back_ten},
    {".", Action::step_forward_ten},
    {"Ctrl+B", Action::clip_start},
    {"Ctrl+E", Action::clip_end},
    {"Alt+Left", Action::select_previous},
    {"Alt+Right", Action::select_next},
    {"Ctrl+Up", Action::previous_line},
    {"Ctrl+Down", Action::next_line},
    {"Alt+N", Action::make_segment},
    {"Alt+D", Action::remove},
    {"Ctrl+Alt+D", Action::remove},
    {"Alt+M", Action::label_palette},
    {"Ctrl+Enter", Action::accept},
    {"Ctrl+J", Action::nudge_start_back},
    {"Ctrl+L", Action::nudge_start_forward},
    {"Ctrl+Shift+J", Action::nudge_end_back},
    {"Ctrl+Shift+L", Action::nudge_end_forward},
    {"Ctrl+G", Action::go_to},
    {"Alt+Shift+C", Action::clear_selection},
    {"Ctrl+=", Action::zoom_in},
    {"Ctrl+-", Action::zoom_out},
    {"Shift+A", Action::fit_selection},
    {"Alt+L", Action::loop_selection},
    {"Alt+K", Action::edit_key_points},
    {"Alt+E", Action::export_dataset},
    {"Alt+Shift+E", Action::make_split},
};

// BORIS: Space plays, / and * one frame, Up and Down jump, PgUp and PgDn another file. Letters and digits belong to
// what is observed, so no letter alone does anything else here.
constexpr Key boris_keys[] = {
    {"/", Action::step_back},
    {"*", Action::step_forward},
    {"Shift+*", Action::step_forward},
    {"Shift+8", Action::step_forward},
    {"Up", Action::step_forward_second},
    {"Down", Action::step_back_second},
    {"Alt+Up", Action::previous_boundary},
    {"Alt+Down", Action::next_boundary},
    {"Shift+PgUp", Action::shuttle_back},
    {"Shift+PgDn", Action::shuttle_forward},
    {"Ctrl+G", Action::go_to},
    {"Ctrl+R", Action::replay_selection},
    {"Ctrl+B", Action::replay_boundary},
    {"Alt+A", Action::mark_in},
    {"Alt+E", Action::mark_out},
    {"Ctrl+Space", Action::label_palette},
    {"Ctrl+S", Action::split},
    {"Ctrl+Shift+M", Action::merge},
    {"Ctrl+Enter", Action::accept},
    {"Ctrl+Del", Action::reject},
    {"Ctrl+Shift+Enter", Action::correct},
    {"Alt+P", Action::add_key_pose},
    {"Ctrl+F", Action::fit_selection},
    {"Ctrl+Shift+F", Action::fit_clip},
    {"Ctrl+PgDn", Action::next_in_queue},
    {"Ctrl+PgUp", Action::previous_in_queue},
    {"Ctrl+Shift+PgDn", Action::skip_in_queue},
};

constexpr std::string_view names[] = {"Editor", "CVAT", "ELAN", "BORIS"};

using Bindings = std::vector<KeyBinding>;

Bindings bindings_of(std::span<const Key> keys) {
    Bindings bindings;
    for (const auto& [text, action] : keys) bindings.push_back({*chord_from(text), action});
    return bindings;
}

// The editor's own keys stay where the preset gives them to nothing else.
Bindings over_the_editors(Bindings own, const std::function<bool(const Chord&)>& leaves_free) {
    const Bindings first = own;
    for (const KeyBinding& binding : bindings_of(editor_keys))
        if (!leaves_free(binding.chord) && std::ranges::find(first, binding.chord, &KeyBinding::chord) == first.end())
            own.push_back(binding);
    return own;
}

bool is_plain_letter(const Chord& chord) {
    return chord.key >= 'A' && chord.key <= 'Z' && !chord.control && !chord.alt;
}

bool is_nothing(const Chord&) { return false; }

}  // namespace

std::span<const std::string_view> Keymap::preset_names() { return names; }

Keymap Keymap::preset(std::string_view name) {
    Keymap keymap;
    if (name == "Editor")
        keymap.bindings_ = bindings_of(editor_keys);
    else if (name == "CVAT")
        keymap.bindings_ = over_the_editors(bindings_of(cvat_keys), is_nothing);
    else if (name == "ELAN")
        keymap.bindings_ = over_the_editors(bindings_of(elan_keys), is_nothing);
    else if (name == "BORIS")
        keymap.bindings_ = over_the_editors(bindings_of(boris_keys), is_plain_letter);
    else
        throw std::invalid_argument("there is no keymap '" + std::string(name) + "'");
    return keymap;
}

}  // namespace annotator
