#include "annotator/session/workbench.h"

#include <algorithm>
#include <utility>

#include "annotator/playback/sound_device.h"

namespace annotator {

namespace {

// A notice that only informs goes by itself.
constexpr double info_seconds = 6;
constexpr double seconds_at_rest = 1;

// What the window asks for when an action needs an answer.
std::optional<Asking> asking_of(Action action) {
    switch (action) {
        case Action::command_palette:
            return Asking::command;
        case Action::cheat_sheet:
            return Asking::cheat_sheet;
        case Action::settings:
            return Asking::settings;
        case Action::new_project:
        case Action::open_project:
            return Asking::project;
        case Action::import_recordings:
            return Asking::import_paths;
        case Action::go_to:
            return Asking::go_to;
        case Action::label_palette:
            return Asking::label;
        case Action::add_comment:
            return Asking::comment;
        default:
            return std::nullopt;
    }
}

std::optional<Workspace> workspace_of(Action action) {
    switch (action) {
        case Action::show_annotate:
            return Workspace::annotate;
        case Action::show_review:
            return Workspace::review;
        case Action::show_train:
            return Workspace::train;
        case Action::show_curate:
            return Workspace::curate;
        case Action::show_export:
            return Workspace::export_dataset;
        default:
            return std::nullopt;
    }
}

}  // namespace

Workbench::Workbench(ProjectSession session, std::function<void()> wake, std::string read_only_because)
    : model_(std::move(session), wake), labels_(model_), playback_(model_, wake), work_(model_), pose_(model_) {
    model_.read_only_because = std::move(read_only_because);
    if (!model_.read_only_because.empty()) model_.say(Notice::Severity::warning, model_.read_only_because);
}

bool Workbench::perform_intent(const Intent& intent) {
    if (const auto* action = std::get_if<Action>(&intent)) return perform(*action);
    if (const auto* window = std::get_if<WindowIntent>(&intent))
        handle_window(*window);
    else if (const auto* label = std::get_if<LabelIntent>(&intent))
        labels_.handle(*label);
    else if (const auto* playback = std::get_if<PlaybackIntent>(&intent))
        playback_.handle(*playback);
    else if (const auto* work = std::get_if<WorkIntent>(&intent))
        work_.handle(*work);
    else if (const auto* pose = std::get_if<PoseIntent>(&intent))
        pose_.handle(*pose);
    else
        return false;
    return true;
}

bool Workbench::handle(const Intent& intent) {
    bool is_ours = true;
    try {
        is_ours = perform_intent(intent);
    } catch (const std::exception& error) {
        model_.say(Notice::Severity::error, error.what());
    }
    labels_.follow();
    for (const Intent& further : model_.outbox.take()) handle(further);
    return is_ours;
}

bool Workbench::perform(Action action) {
    if (const auto workspace = workspace_of(action)) {
        model_.state.workspace = *workspace;
    } else if (action == Action::add_comment && !model_.read_only_because.empty()) {
        model_.say(Notice::Severity::warning, model_.read_only_because);
    } else if (const auto asking = asking_of(action)) {
        model_.state.asking = model_.state.asking == *asking ? Asking::nothing : *asking;
    } else if (action == Action::dismiss_notice) {
        if (!model_.state.notices.empty()) model_.state.notices.pop_back();
    } else {
        // While key-points are edited some keys of labels speak of joints, so these are asked first.
        return pose_.perform(action) || labels_.perform(action) || playback_.perform(action) || work_.perform(action);
    }
    return true;
}

void Workbench::handle_window(const WindowIntent& intent) {
    EditorState& state = model_.state;
    if (const auto* show = std::get_if<ShowWorkspace>(&intent)) {
        state.workspace = show->workspace;
    } else if (const auto* ask = std::get_if<Ask>(&intent)) {
        state.asking = ask->what;
    } else if (const auto* range = std::get_if<SetTimelineRange>(&intent)) {
        state.range = range->range;
    } else if (const auto* clips = std::get_if<FilterClips>(&intent)) {
        state.clip_filter = clips->filter;
    } else if (const auto dismissed = std::get<DismissNotice>(intent).index; dismissed < state.notices.size()) {
        state.notices.erase(state.notices.begin() + static_cast<std::ptrdiff_t>(dismissed));
    }
}

bool Workbench::drop_old_notices() {
    const double now = machine_seconds();
    return std::erase_if(model_.state.notices, [&](const Notice& notice) {
               return notice.severity == Notice::Severity::info && now >= notice.since_seconds + info_seconds;
           }) > 0;
}

std::optional<double> Workbench::due_in_seconds() const {
    std::optional<double> due;
    for (const Notice& notice : model_.state.notices) {
        if (notice.severity != Notice::Severity::info) continue;
        const double left = std::max(0.0, notice.since_seconds + info_seconds - machine_seconds());
        due = std::min(due.value_or(left), left);
    }
    if (fold_at_seconds_ > 0) {
        const double left = std::max(0.0, fold_at_seconds_ - machine_seconds());
        due = std::min(due.value_or(left), left);
    }
    return due;
}

void Workbench::look_for_changes() {
    try {
        if (model_.session.store().log().last_sequence() != model_.session.journal().last_sequence)
            model_.read_again();
        else if (model_.is_behind())
            model_.read_model_output();  // which is in no log
        else
            return;
        model_.say(Notice::Severity::info, "Another program changed the project; its changes were read.");
    } catch (const std::exception& error) {
        model_.say(Notice::Severity::error, error.what());
    }
}

// While the hands rest, so that no edit waits for it.
void Workbench::fold_log_at_rest() {
    if (!model_.read_only_because.empty()) return;
    if (std::exchange(folded_revision_, model_.revision) != model_.revision)
        fold_at_seconds_ = machine_seconds() + seconds_at_rest;
    if (fold_at_seconds_ == 0 || machine_seconds() < fold_at_seconds_) return;
    fold_at_seconds_ = 0;
    try {
        model_.session.store().fold_log();
    } catch (const std::exception&) {
        // Another program reads or writes: the log goes on, and nothing is lost.
    }
}

bool Workbench::guarded(const std::function<bool()>& part) {
    try {
        return part();
    } catch (const std::exception& error) {
        // Said once: what fails each time would keep the window awake.
        if (std::ranges::find(model_.state.notices, std::string(error.what()), &Notice::text) !=
            model_.state.notices.end())
            return false;
        model_.say(Notice::Severity::error, error.what());
        return true;
    }
}

bool Workbench::tick() {
    fold_log_at_rest();
    bool changed = guarded([this] { return model_.main_queue.drain() > 0; });
    changed |= drop_old_notices();
    changed |= guarded([this] { return playback_.tick(); });
    changed |= guarded([this] { return work_.tick(); });
    changed |= guarded([this] { return pose_.tick(); });
    labels_.follow();
    if (model_.outbox.empty()) return changed;
    for (const Intent& further : model_.outbox.take()) handle(further);
    return true;
}

}  // namespace annotator
