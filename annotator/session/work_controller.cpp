#include "annotator/session/work_controller.h"

#include <algorithm>
#include <stdexcept>
#include <type_traits>
#include <utility>

#include "annotator/document/taxonomy_commands.h"
#include "annotator/session/dataset_forms.h"
#include "annotator/session/review.h"
#include "annotator/session/training_form.h"
#include "annotator/workflows/retrain.h"

namespace annotator {

bool WorkController::may_write() {
    if (model_.read_only_because.empty()) return true;
    model_.say(Notice::Severity::warning, model_.read_only_because);
    return false;
}

void WorkController::start(WorkCommand command) {
    const bool reads_only = command.kind == JobKind::check || command.kind == JobKind::export_dataset ||
                            command.kind == JobKind::plan_export;
    if (reads_only || may_write()) children_.start(std::move(command));
}

// The track that is worked on, else the first of categories.
schemas::TrackId WorkController::track_at_hand() const {
    if (model_.state.line) return model_.state.line->track;
    if (const schemas::Track* track = track_of_kind(model_.document(), schemas::TrackKind::category)) return track->id;
    return {};
}

void WorkController::handle(const WorkIntent& intent) {
    const std::filesystem::path& project = model_.folder;
    std::visit(
        [&]<class Wanted>(const Wanted& wanted) {
            // A split that is made is the one that is exported.
            if constexpr (std::is_same_v<Wanted, MakeSplit>)
                if (model_.state.export_form) model_.state.export_form->split = wanted.name;
            if constexpr (std::is_same_v<Wanted, PauseJob>)
                children_.pause(wanted.job);
            else if constexpr (std::is_same_v<Wanted, ResumeJob>)
                children_.resume(wanted.job);
            else if constexpr (std::is_same_v<Wanted, CancelJob>)
                children_.cancel(wanted.job);
            else if constexpr (std::is_same_v<Wanted, SelectModel>)
                model_.state.selected_model = wanted.model;
            else if constexpr (std::is_same_v<Wanted, PromoteModel>)
                promote_model(wanted.model);
            else if constexpr (std::is_same_v<Wanted, PrepareTraining>)
                model_.state.training_form = wanted.training;
            else if constexpr (std::is_same_v<Wanted, PrepareSplit>)
                model_.state.split_form = wanted.split;
            else if constexpr (std::is_same_v<Wanted, PrepareExport>)
                model_.state.export_form = wanted.dataset;
            else if constexpr (std::is_same_v<Wanted, OpenQueueItem>)
                open_item(wanted.index);
            else if constexpr (requires { command_for(wanted, project); })
                start(command_for(wanted, project));
            else
                start(command_for(wanted, model_.document(), project));
        },
        intent);
}

// What would be made is looked at first: the first key shows the forms.
bool WorkController::shows_export() {
    return std::exchange(model_.state.workspace, Workspace::export_dataset) == Workspace::export_dataset;
}

void WorkController::write_dataset(ExportHow how) {
    ExportDataset dataset = dataset_to_write(model_);
    dataset.how = how;
    if (dataset.folder.empty())
        model_.say(Notice::Severity::info, "Say first which folder the dataset goes to.");
    else
        handle(dataset);
}

bool WorkController::perform(Action action) {
    switch (action) {
        case Action::start_training:
            handle(training_to_start(model_));
            return true;
        case Action::cancel_job:
            handle(CancelJob{});
            return true;
        case Action::promote_model: {
            const auto& models = model_.output.models;
            if (model_.state.selected_model)
                handle(PromoteModel{*model_.state.selected_model});
            else if (!models.empty())
                handle(PromoteModel{models.back().id});
            else
                model_.say(Notice::Severity::info, "There is no model to promote yet. Start training first.");
            return true;
        }
        case Action::prelabel:
            handle(Prelabel{track_at_hand(), {}});
            return true;
        case Action::build_queue:
            handle(BuildQueue{track_at_hand(), 20, {}});
            return true;
        case Action::check_project:
            handle(CheckProject{});
            return true;
        case Action::make_split:
            if (shows_export()) handle(split_to_make(model_));
            return true;
        case Action::dry_run:
            if (shows_export()) write_dataset(ExportHow::plan);
            return true;
        case Action::export_dataset:
            if (shows_export()) write_dataset(ExportHow::write);
            return true;
        case Action::next_in_queue:
            step_in_queue(1);
            return true;
        case Action::previous_in_queue:
            step_in_queue(-1);
            return true;
        case Action::skip_in_queue:
            open_next(model_.state.queue_index ? *model_.state.queue_index + 1 : 0);
            return true;
        default:
            return false;
    }
}

void WorkController::promote_model(schemas::ModelId id) {
    if (!may_write()) return;
    const schemas::ModelVersion model = promote(model_.session, std::to_string(static_cast<std::int64_t>(id)));
    model_.read_model_output();
    model_.say(Notice::Severity::info, model.name + " pre-labels track '" + learnt_track(model) +
                                           "' from now on. Pre-label to see what it says.");
}

void WorkController::open_item(std::size_t index) {
    const ModelOutput& output = model_.output;
    const auto track = track_of_queue(model_.document(), output);
    if (!track || index >= output.queue.size()) return;
    const schemas::QueueItem& item = output.queue[index];
    if (model_.document().find<schemas::Clip>(item.clip) == nullptr) {
        model_.say(Notice::Severity::info, "The clip of this example is gone. Build the queue again.");
        return;
    }
    model_.state.queue_index = index;
    model_.outbox.send(OpenClip{item.clip, item.span.begin});
    model_.outbox.send(SetActiveLine{*track, item.performer});
    const schemas::Proposal* proposal = proposal_for(output, item, *track);
    if (proposal != nullptr && !is_answered(model_.document(), item, *track))
        model_.outbox.send(SelectProposal{proposal->id});
    else
        model_.outbox.send(SetMarks{item.span.begin, item.span.end});
}

void WorkController::open_next(std::size_t from) {
    if (const auto next = next_open_item(model_.document(), model_.output, from)) return open_item(*next);
    model_.say(Notice::Severity::info, model_.output.queue.empty()
                                           ? "There is nothing to review. Build the queue first."
                                           : "Everything in the queue is answered. Build it again for more.");
}

void WorkController::step_in_queue(std::ptrdiff_t by) {
    const auto count = static_cast<std::ptrdiff_t>(model_.output.queue.size());
    if (count == 0) return open_next(0);
    const auto at = model_.state.queue_index ? static_cast<std::ptrdiff_t>(*model_.state.queue_index) + by : 0;
    if (at >= count) model_.say(Notice::Severity::info, "That was the last example. Build the queue again for more.");
    if (at >= 0 && at < count) open_item(static_cast<std::size_t>(at));
}

bool WorkController::show_queue() {
    EditorState& state = model_.state;
    const std::size_t count = model_.output.queue.size();
    if (state.queue_index && *state.queue_index >= count) state.queue_index.reset();
    if (state.workspace != Workspace::review || state.queue_index || count == 0) return false;
    open_item(next_open_item(model_.document(), model_.output, 0).value_or(0));
    return state.queue_index.has_value();
}

bool WorkController::tick() {
    const bool worked = children_.tick();
    const bool classified = reclassifier_.tick();
    return show_queue() || worked || classified;
}

}  // namespace annotator
