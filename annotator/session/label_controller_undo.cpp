#include <algorithm>
#include <map>
#include <type_traits>

#include "annotator/document/queries.h"
#include "annotator/session/label_controller.h"
#include "storage/project/edit_log.h"

// Undo and redo, and showing what they did.
namespace annotator {

namespace {

using schemas::ClipId;
using schemas::FrameSpan;
using schemas::RowChange;
using schemas::Segment;

// An import that is undone would select everything.
constexpr std::size_t most_selected = 200;

struct Touched {
    std::optional<FrameSpan> frames;
    std::vector<schemas::SegmentId> segments;  // that are there now; some perhaps twice
};

// Key-points belong to a take: to the clip of it that is shown, else to its first one.
std::optional<ClipId> clip_of(const EditorModel& model, schemas::StreamId id) {
    const auto* stream = model.document().find<schemas::Stream>(id);
    const schemas::Clip* shown = model.clip();
    if (stream == nullptr || (shown != nullptr && shown->take == stream->take)) return model.state.clip;
    const auto clips = clips_by_name(model.document());
    const auto first = std::ranges::find(clips, stream->take, &schemas::Clip::take);
    return first == clips.end() ? std::nullopt : std::optional((*first)->id);
}

template <class Row>
void add_to(std::map<ClipId, Touched>& touched, const EditorModel& model, const RowChange<Row>& change) {
    const Row& row = change.after ? *change.after : *change.before;
    if constexpr (std::is_same_v<Row, schemas::JointCorrection>) {
        if (const auto clip = clip_of(model, row.stream)) touched[*clip];
    } else if constexpr (requires { row.clip; }) {
        Touched& place = touched[row.clip];
        FrameSpan span;
        if constexpr (requires { row.frame; })
            span = {row.frame, row.frame + 1};
        else
            span = {row.begin_frame, row.end_frame};
        place.frames = place.frames
                           ? FrameSpan{std::min(place.frames->begin, span.begin), std::max(place.frames->end, span.end)}
                           : span;
        if constexpr (std::is_same_v<Row, Segment>)
            if (change.after && model.document().find<Segment>(row.id)) place.segments.push_back(row.id);
    }
}

std::map<ClipId, Touched> touched_by(const EditorModel& model, const Edit& edit) {
    std::map<ClipId, Touched> touched;
    for (const schemas::Change& change : edit.changes)
        std::visit([&](const auto& row) { add_to(touched, model, row); }, change);
    for (auto& [clip, place] : touched) {
        std::ranges::sort(place.segments);
        place.segments.erase(std::ranges::unique(place.segments).begin(), place.segments.end());
        if (place.segments.size() > most_selected) place.segments.clear();
    }
    return touched;
}

std::optional<std::size_t> card_of(const ModelOutput& output, ClipId clip, const std::optional<FrameSpan>& frames) {
    const auto found = std::ranges::find_if(output.queue, [&](const schemas::QueueItem& item) {
        return item.clip == clip && frames && schemas::overlap(item.span, *frames);
    });
    if (found == output.queue.end()) return std::nullopt;
    return static_cast<std::size_t>(found - output.queue.begin());
}

}  // namespace

void LabelController::on(const UndoEdit&) { step_back_or_forth(&ProjectSession::undo, "There is nothing to undo."); }

void LabelController::on(const RedoEdit&) { step_back_or_forth(&ProjectSession::redo, "There is nothing to redo."); }

void LabelController::step_back_or_forth(std::optional<std::string> (ProjectSession::*step)(), const char* nothing) {
    if (!model_.read_only_because.empty()) return model_.say(Notice::Severity::warning, model_.read_only_because);
    std::optional<std::string> title;
    try {
        title = (model_.session.*step)();
    } catch (const storage::StaleProject&) {
        model_.read_again();
        follow();
        return say("Another program changed the project; its changes were read. Please do that again.");
    }
    if (!title) return say(nothing);
    const bool undone = step == &ProjectSession::undo;
    const JournalState& journal = model_.session.journal();
    Edit done = model_.session.store().log().logged(undone ? journal.undone.back() : journal.done.back()).edit;
    if (undone) done = schemas::inverse(done);
    model_.note_change(done);
    note_moved(done);
    follow();
    show_step(done, undone ? "Undone" : "Done again", *title);
}

void LabelController::show_step(const Edit& done, const std::string& what, const std::string& title) {
    EditorState& state = model_.state;
    const auto touched = touched_by(model_, done);
    const auto here = state.clip ? touched.find(*state.clip) : touched.end();
    if (here != touched.end() && !here->second.segments.empty()) {
        state.selection = {};
        state.selection.segments = here->second.segments;
        state.mark_in = state.mark_out = std::nullopt;
    }
    if (touched.empty() || (here != touched.end() && touched.size() == 1)) return;
    const auto& [id, place] = *touched.begin();
    const auto* clip = touched.size() == 1 ? model_.document().find<schemas::Clip>(id) : nullptr;
    say(what + " in " + (clip != nullptr ? "clip '" + clip->name + "'" : "other clips") + ": " + title + ".");
    if (clip == nullptr) return;
    // In Review the cards say which clip is shown.
    if (state.workspace == Workspace::review && state.queue_index) {
        if (const auto card = card_of(model_.output, id, place.frames)) model_.outbox.send(OpenQueueItem{*card});
        return;
    }
    model_.outbox.send(OpenClip{id, place.frames ? std::optional(place.frames->begin) : std::nullopt});
    if (!place.segments.empty()) model_.outbox.send(SelectSegments{place.segments});
}

}  // namespace annotator
