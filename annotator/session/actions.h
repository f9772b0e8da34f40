#pragma once

#include <array>
#include <optional>
#include <span>
#include <string_view>

// Everything that a person can do with a key, from the command palette or a menu. Which keys do it is for the keymap
// (annotator/session/keymap.h); what it does is for the controllers.
namespace annotator {

enum class Action {
    // Workspaces and the window
    show_annotate,
    show_review,
    show_train,
    show_curate,
    show_export,
    command_palette,
    cheat_sheet,
    settings,
    new_project,
    demo_project,
    open_project,
    import_recordings,
    dismiss_notice,
    close_project,
    quit,
    // Playing
    play_pause,
    shuttle_back,
    shuttle_forward,
    half_speed_back,
    half_speed_forward,
    step_back,
    step_forward,
    step_back_ten,
    step_forward_ten,
    step_back_second,
    step_forward_second,
    previous_boundary,
    next_boundary,
    clip_start,
    clip_end,
    previous_clip,
    next_clip,
    go_to,
    loop_selection,
    replay_selection,
    replay_boundary,
    // Labels
    mark_in,
    mark_out,
    make_segment,
    label_palette,
    split,
    merge,
    start_to_playhead,
    end_to_playhead,
    nudge_start_back,
    nudge_start_forward,
    nudge_end_back,
    nudge_end_forward,
    nudge_start_back_five,
    nudge_start_forward_five,
    nudge_end_back_five,
    nudge_end_forward_five,
    accept,
    reject,
    correct,
    remove,
    copy_to_next_performer,
    copy_to_next_track,
    add_key_pose,
    add_comment,
    resolve_comment,
    next_line,
    previous_line,
    select_next,
    select_previous,
    select_all,
    clear_selection,
    fit_selection,
    fit_clip,
    zoom_in,
    zoom_out,
    toggle_snapping,
    next_in_queue,
    previous_in_queue,
    skip_in_queue,
    undo,
    redo,
    // Key-points
    edit_key_points,
    next_joint,
    previous_joint,
    mark_occluded,
    interpolate_gap,
    lock_bones,
    smooth_key_points,
    reset_joint,
    settle_bones,
    swap_sides,
    copy_pose_forward,
    nudge_joint_left,
    nudge_joint_right,
    nudge_joint_up,
    nudge_joint_down,
    nudge_joint_nearer,
    nudge_joint_farther,
    // Models
    start_training,
    cancel_job,
    promote_model,
    prelabel,
    build_queue,
    check_project,
    make_split,
    dry_run,
    export_dataset,
};

enum class ActionGroup { window, playing, labels, queue, key_points, models };

struct ActionInfo {
    Action action{};
    ActionGroup group{};
    std::string_view name;   // in keymaps and scripts: "play-pause"
    std::string_view title;  // for people: "Play or pause"
};

// Each action once, in the order of the enumeration.
std::span<const ActionInfo> all_actions();
const ActionInfo& info_of(Action action);
std::optional<Action> action_named(std::string_view name);

}  // namespace annotator
