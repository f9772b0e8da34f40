#include "annotator/session/actions.h"

#include <algorithm>

namespace annotator {

namespace {

constexpr ActionInfo actions[] = {
    {Action::show_annotate, ActionGroup::window, "show-annotate", "Show Annotate"},
    {Action::show_review, ActionGroup::window, "show-review", "Show Review"},
    {Action::show_train, ActionGroup::window, "show-train", "Show Train"},
    {Action::show_curate, ActionGroup::window, "show-curate", "Show Curate"},
    {Action::show_export, ActionGroup::window, "show-export", "Show Export"},
    {Action::command_palette, ActionGroup::window, "command-palette", "Command palette"},
    {Action::cheat_sheet, ActionGroup::window, "cheat-sheet", "Keyboard sheet"},
    {Action::settings, ActionGroup::window, "settings", "Settings"},
    {Action::open_project, ActionGroup::window, "open-project", "Open a project"},
    {Action::import_recordings, ActionGroup::window, "import-recordings", "Import recordings"},
    {Action::close_project, ActionGroup::window, "close-project", "Close the project"},
    {Action::quit, ActionGroup::window, "quit", "Quit"},
    {Action::play_pause, ActionGroup::playing, "play-pause", "Play or pause"},
    {Action::shuttle_back, ActionGroup::playing, "shuttle-back", "Play backwards, or slower"},
    {Action::shuttle_forward, ActionGroup::playing, "shuttle-forward", "Play forwards, or faster"},
    {Action::half_speed_back, ActionGroup::playing, "half-speed-back", "Play backwards at half speed"},
    {Action::half_speed_forward, ActionGroup::playing, "half-speed-forward", "Play forwards at half speed"},
    {Action::step_back, ActionGroup::playing, "step-back", "One frame back"},
    {Action::step_forward, ActionGroup::playing, "step-forward", "One frame forward"},
    {Action::step_back_ten, ActionGroup::playing, "step-back-ten", "Ten frames back"},
    {Action::step_forward_ten, ActionGroup::playing, "step-forward-ten", "Ten frames forward"},
    {Action::step_back_second, ActionGroup::playing, "step-back-second", "One second back"},
    {Action::step_forward_second, ActionGroup::playing, "step-forward-second", "One second forward"},
    {Action::previous_boundary, ActionGroup::playing, "previous-boundary", "Previous boundary"},
    {Action::next_boundary, ActionGroup::playing, "next-boundary", "Next boundary"},
    {Action::clip_start, ActionGroup::playing, "clip-start", "Start of the clip"},
    {Action::clip_end, ActionGroup::playing, "clip-end", "End of the clip"},
    {Action::previous_clip, ActionGroup::playing, "previous-clip", "Previous clip"},
    {Action::next_clip, ActionGroup::playing, "next-clip", "Next clip"},
    {Action::go_to, ActionGroup::playing, "go-to", "Go to a frame or time"},
    {Action::loop_selection, ActionGroup::playing, "loop-selection", "Loop the selection"},
    {Action::replay_selection, ActionGroup::playing, "replay-selection", "Replay the selection"},
    {Action::replay_boundary, ActionGroup::playing, "replay-boundary", "Replay around the nearest boundary"},
    {Action::mark_in, ActionGroup::labels, "mark-in", "Mark in"},
    {Action::mark_out, ActionGroup::labels, "mark-out", "Mark out"},
    {Action::make_segment, ActionGroup::labels, "make-segment", "Make a segment of the marks"},
    {Action::label_palette, ActionGroup::labels, "label-palette", "Choose a label"},
    {Action::split, ActionGroup::labels, "split", "Split at the playhead"},
    {Action::merge, ActionGroup::labels, "merge", "Merge with the next segment"},
    {Action::start_to_playhead, ActionGroup::labels, "start-to-playhead", "Move the start to the playhead"},
    {Action::end_to_playhead, ActionGroup::labels, "end-to-playhead", "Move the end to the playhead"},
    {Action::nudge_start_back, ActionGroup::labels, "nudge-start-back", "Nudge the start back"},
    {Action::nudge_start_forward, ActionGroup::labels, "nudge-start-forward", "Nudge the start forward"},
    {Action::nudge_end_back, ActionGroup::labels, "nudge-end-back", "Nudge the end back"},
    {Action::nudge_end_forward, ActionGroup::labels, "nudge-end-forward", "Nudge the end forward"},
    {Action::nudge_start_back_five, ActionGroup::labels, "nudge-start-back-five", "Nudge the start five back"},
    {Action::nudge_start_forward_five, ActionGroup::labels, "nudge-start-forward-five", "Nudge the start five forward"},
    {Action::nudge_end_back_five, ActionGroup::labels, "nudge-end-back-five", "Nudge the end five back"},
    {Action::nudge_end_forward_five, ActionGroup::labels, "nudge-end-forward-five", "Nudge the end five forward"},
    {Action::accept, ActionGroup::labels, "accept", "Accept the proposal and go on"},
    {Action::reject, ActionGroup::labels, "reject", "Reject the proposal and go on"},
    {Action::correct, ActionGroup::labels, "correct", "Correct the proposal"},
    {Action::remove, ActionGroup::labels, "remove", "Delete the selection"},
    {Action::copy_to_next_performer, ActionGroup::labels, "copy-to-next-performer", "Copy to the next performer"},
    {Action::copy_to_next_track, ActionGroup::labels, "copy-to-next-track", "Copy to the next track"},
    {Action::add_key_pose, ActionGroup::labels, "add-key-pose", "Add a key pose"},
    {Action::add_comment, ActionGroup::labels, "add-comment", "Add a comment"},
    {Action::next_line, ActionGroup::labels, "next-line", "Next track or performer"},
    {Action::previous_line, ActionGroup::labels, "previous-line", "Previous track or performer"},
    {Action::select_next, ActionGroup::labels, "select-next", "Select the next segment"},
    {Action::select_previous, ActionGroup::labels, "select-previous", "Select the previous segment"},
    {Action::select_all, ActionGroup::labels, "select-all", "Select everything on the track"},
    {Action::clear_selection, ActionGroup::labels, "clear-selection", "Clear the selection"},
    {Action::fit_selection, ActionGroup::labels, "fit-selection", "Fit the selection"},
    {Action::fit_clip, ActionGroup::labels, "fit-clip", "Fit the clip"},
    {Action::zoom_in, ActionGroup::labels, "zoom-in", "Zoom in"},
    {Action::zoom_out, ActionGroup::labels, "zoom-out", "Zoom out"},
    {Action::toggle_snapping, ActionGroup::labels, "toggle-snapping", "Snapping on or off"},
    {Action::next_in_queue, ActionGroup::queue, "next-in-queue", "Next in the queue"},
    {Action::previous_in_queue, ActionGroup::queue, "previous-in-queue", "Previous in the queue"},
    {Action::skip_in_queue, ActionGroup::queue, "skip-in-queue", "Skip in the queue"},
    {Action::undo, ActionGroup::labels, "undo", "Undo"},
    {Action::redo, ActionGroup::labels, "redo", "Redo"},
    {Action::edit_key_points, ActionGroup::key_points, "edit-key-points", "Edit key-points"},
    {Action::next_joint, ActionGroup::key_points, "next-joint", "Next joint"},
    {Action::previous_joint, ActionGroup::key_points, "previous-joint", "Previous joint"},
    {Action::mark_occluded, ActionGroup::key_points, "mark-occluded", "Mark the joint as occluded"},
    {Action::interpolate_gap, ActionGroup::key_points, "interpolate-gap", "Interpolate over the gap"},
    {Action::lock_bones, ActionGroup::key_points, "lock-bones", "Lock bone lengths"},
    {Action::smooth_key_points, ActionGroup::key_points, "smooth-key-points", "Smooth the key-points"},
    {Action::reset_joint, ActionGroup::key_points, "reset-joint", "Back to the recorded joint"},
    {Action::start_training, ActionGroup::models, "start-training", "Start training"},
    {Action::cancel_job, ActionGroup::models, "cancel-job", "Cancel the running job"},
    {Action::promote_model, ActionGroup::models, "promote-model", "Promote the selected model"},
    {Action::prelabel, ActionGroup::models, "prelabel", "Pre-label"},
    {Action::build_queue, ActionGroup::models, "build-queue", "Build the review queue"},
    {Action::check_project, ActionGroup::models, "check-project", "Check the project"},
    {Action::export_dataset, ActionGroup::models, "export-dataset", "Export a dataset"},
};

}  // namespace

std::span<const ActionInfo> all_actions() { return actions; }

const ActionInfo& info_of(Action action) { return actions[static_cast<std::size_t>(action)]; }

std::optional<Action> action_named(std::string_view name) {
    const auto* found = std::ranges::find(actions, name, &ActionInfo::name);
    return found == std::end(actions) ? std::nullopt : std::optional(found->action);
}

}  // namespace annotator
