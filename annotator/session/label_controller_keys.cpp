#include <algorithm>

#include "annotator/session/chosen_span.h"
#include "annotator/session/label_controller.h"
#include "annotator/session/label_edits.h"
#include "annotator/session/label_lines.h"
#include "annotator/session/timeline_range.h"

// What keys do, and what they speak of when nothing is selected.
namespace annotator {

namespace {

using schemas::FrameIndex;
using schemas::FrameSpan;
using schemas::LayerId;
using schemas::Segment;

constexpr double zoom_step = 1.6;
constexpr FrameIndex long_nudge = 5;

}  // namespace

struct LabelController::Key {
    Action action;
    void (*act)(LabelController&);
};

std::span<const LabelController::Key> LabelController::keys() {
    using Self = LabelController;
    static constexpr Key table[] = {
        {Action::mark_in, [](Self& self) { self.mark(Edge::begin); }},
        {Action::mark_out, [](Self& self) { self.mark(Edge::end); }},
        {Action::make_segment, [](Self& self) { self.make_segment(); }},
        {Action::split, [](Self& self) { self.split(); }},
        {Action::merge, [](Self& self) { self.merge(); }},
        {Action::start_to_playhead, [](Self& self) { self.edge_to_playhead(Edge::begin); }},
        {Action::end_to_playhead, [](Self& self) { self.edge_to_playhead(Edge::end); }},
        {Action::nudge_start_back, [](Self& self) { self.nudge(Edge::begin, -1); }},
        {Action::nudge_start_forward, [](Self& self) { self.nudge(Edge::begin, 1); }},
        {Action::nudge_end_back, [](Self& self) { self.nudge(Edge::end, -1); }},
        {Action::nudge_end_forward, [](Self& self) { self.nudge(Edge::end, 1); }},
        {Action::nudge_start_back_five, [](Self& self) { self.nudge(Edge::begin, -long_nudge); }},
        {Action::nudge_start_forward_five, [](Self& self) { self.nudge(Edge::begin, long_nudge); }},
        {Action::nudge_end_back_five, [](Self& self) { self.nudge(Edge::end, -long_nudge); }},
        {Action::nudge_end_forward_five, [](Self& self) { self.nudge(Edge::end, long_nudge); }},
        {Action::accept, [](Self& self) { self.accept(); }},
        {Action::reject, [](Self& self) { self.reject(); }},
        {Action::correct, [](Self& self) { self.correct_or_relabel(); }},
        {Action::remove, [](Self& self) { self.on(DeleteSelection{}); }},
        {Action::copy_to_next_performer, [](Self& self) { self.copy_to_next_performer(); }},
        {Action::copy_to_next_track, [](Self& self) { self.copy_to_next_track(); }},
        {Action::add_key_pose, [](Self& self) { self.add_key_pose(); }},
        {Action::resolve_comment, [](Self& self) { self.resolve_at_hand(); }},
        {Action::next_line, [](Self& self) { self.cycle_line(1); }},
        {Action::previous_line, [](Self& self) { self.cycle_line(-1); }},
        {Action::select_next, [](Self& self) { self.select_beside(1); }},
        {Action::select_previous, [](Self& self) { self.select_beside(-1); }},
        {Action::select_all, [](Self& self) { self.select_all(); }},
        {Action::clear_selection, [](Self& self) { self.clear(); }},
        {Action::fit_selection, [](Self& self) { self.fit_selection(); }},
        {Action::fit_clip, [](Self& self) { self.model_.state.range.frames_per_point = 0; }},
        {Action::zoom_in, [](Self& self) { self.zoom(zoom_step); }},
        {Action::zoom_out, [](Self& self) { self.zoom(1 / zoom_step); }},
        {Action::previous_boundary, [](Self& self) { self.go_to_boundary(-1); }},
        {Action::next_boundary, [](Self& self) { self.go_to_boundary(1); }},
        {Action::toggle_snapping, [](Self& self) { self.model_.state.snapping = !self.model_.state.snapping; }},
        {Action::undo, [](Self& self) { self.on(UndoEdit{}); }},
        {Action::redo, [](Self& self) { self.on(RedoEdit{}); }},
    };
    return table;
}

bool LabelController::perform(Action action) {
    const auto all = keys();
    const auto found = std::ranges::find(all, action, &Key::action);
    if (found == all.end()) return false;
    found->act(*this);
    return true;
}

void LabelController::mark(Edge edge) {
    if (line() == nullptr) return;
    const EditorState& state = model_.state;
    const FrameIndex at = boundary_at_playhead(model_, edge);
    if (edge == Edge::begin)
        on(SetMarks{at, state.mark_out && *state.mark_out > at ? state.mark_out : std::nullopt});
    else
        on(SetMarks{state.mark_in && *state.mark_in <= at ? state.mark_in : std::nullopt, at});
}

void LabelController::make_segment() {
    const Line* active = line();
    if (active == nullptr) return;
    EditorState& state = model_.state;
    if (const auto span = marked_span(model_)) {
        const auto* label = state.last_label ? model_.document().find<schemas::Label>(*state.last_label) : nullptr;
        if (label != nullptr && label->track == active->track) return on(DrawSegment{*span, label->id});
        state.asking = Asking::label;
        return;
    }
    if (state.selection.proposal) {
        on(AcceptProposals{{*state.selection.proposal}});
        return;
    }
    std::vector<schemas::SegmentId> others = state.selection.segments;
    std::erase_if(others, [&](schemas::SegmentId id) { return is_own(id); });
    if (others.empty()) return say("Nothing is marked: I marks the start of a segment, O its end, Enter makes it.");
    const Outcome outcome = edit([&](const EditStamp& stamp, LayerId own) {
        return take_over_segments(model_.document(), stamp, others, own, std::nullopt, model_.session.ids());
    });
    if (outcome.changed) on(SelectSegments{outcome.made});
}

void LabelController::split() {
    const Segment* selected = selected_segment();
    const bool inside = selected != nullptr && selected->span().contains(model_.frame);
    const Segment* segment = inside ? selected : segment_under_playhead();
    if (segment == nullptr) return say("There is no segment under the playhead to split.");
    on(SplitSegment{segment->id, model_.frame});
}

void LabelController::merge() {
    const std::vector<schemas::SegmentId> selected = model_.state.selection.segments;
    const Segment* segment = segment_at_hand();
    if (segment == nullptr) return say("There is no segment under the playhead to merge with the next.");
    if (selected.size() < 2) return on(MergeWithNext{segment->id});
    const Outcome outcome = edit([&](const EditStamp& stamp, LayerId own) {
        require_own(selected, own);
        return merge_segments(model_.document(), stamp, selected);
    });
    if (outcome.changed && !model_.state.selection.segments.empty())
        select_alone(model_.state.selection.segments.front());
}

void LabelController::edge_to_playhead(Edge edge) {
    const Segment* segment = segment_with_edge(edge);
    if (segment == nullptr)
        return say(edge == Edge::begin ? "There is no segment whose start could come to the playhead."
                                       : "There is no segment whose end could come to the playhead.");
    const schemas::SegmentId id = segment->id;
    on(MoveBoundary{id, edge, boundary_at_playhead(model_, edge)});
    select_alone(id);
}

void LabelController::nudge(Edge edge, FrameIndex by) {
    const Segment* segment = segment_at_hand();
    if (segment == nullptr) return say("There is no segment under the playhead whose boundary could move.");
    const schemas::SegmentId id = segment->id;
    const FrameIndex from = edge == Edge::begin ? segment->begin_frame : segment->end_frame;
    const BoundaryRoom room = boundary_room(model_.document(), id, edge, NeighbourRule::follows);
    const FrameIndex to = std::clamp(from + by, room.least, room.most);
    if (to == from) return say("The boundary cannot go further: the segments beside it keep a frame each.");
    on(MoveBoundary{id, edge, to});
    select_alone(id);
    go_to(to);
}

void LabelController::accept() {
    if (const auto* at_hand = proposal_at_hand()) {
        const schemas::Proposal proposal = *at_hand;
        if (on(AcceptProposals{{proposal.id}})) go_on_from(proposal);
        return;
    }
    if (const auto* item = item_of_queue(); item != nullptr && !item->top.empty())
        return use_on_queue(item->top.front().label);
    if (line() == nullptr) return;
    const auto* next = next_open_proposal(model_.document(), model_.proposals(), *line(), model_.frame);
    if (next == nullptr) return say("No proposals are left on this track.");
    on(SelectProposal{next->id});
    go_to(next->begin_frame);
}

void LabelController::reject() {
    if (const auto* at_hand = proposal_at_hand()) {
        const schemas::Proposal proposal = *at_hand;
        if (on(RejectProposal{proposal.id})) go_on_from(proposal);
        return;
    }
    if (item_of_queue() != nullptr) return model_.outbox.send(Action::skip_in_queue);
    say("There is no proposal here to reject.");
}

void LabelController::correct_or_relabel() {
    EditorState& state = model_.state;
    if (state.asking == Asking::label) {
        state.asking = Asking::nothing;
        return;
    }
    const auto* proposal = proposal_at_hand();
    const Segment* segment = segment_at_hand();
    if (proposal != nullptr)
        on(SelectProposal{proposal->id});
    else if (segment != nullptr && state.selection.segments.empty())
        select_alone(segment->id);
    else if (segment == nullptr && item_of_queue() == nullptr && !marked_span(model_))
        return say("There is nothing here to correct.");
    state.asking = Asking::label;
}

void LabelController::go_on_from(const schemas::Proposal& done) {
    if (item_of_queue() != nullptr) return model_.outbox.send(Action::next_in_queue);
    const Line place{done.clip, own(), done.track, done.performer};
    const auto* next = next_open_proposal(model_.document(), model_.proposals(), place, done.begin_frame);
    if (next == nullptr || next->id == done.id) return say("No proposals are left on this track.");
    on(SelectProposal{next->id});
    go_to(next->begin_frame);
    model_.state.range = showing(model_.state.range, clip_span(), next->begin_frame);
}

const schemas::QueueItem* LabelController::item_of_queue() const {
    const EditorState& state = model_.state;
    if (state.workspace != Workspace::review || !state.queue_index || *state.queue_index >= model_.output.queue.size())
        return nullptr;
    const schemas::QueueItem& item = model_.output.queue[*state.queue_index];
    return item.clip == state.clip ? &item : nullptr;
}

void LabelController::use_on_queue(schemas::LabelId label) {
    const auto* item = item_of_queue();
    if (item == nullptr) return say("The clip of this card is not shown yet.");
    bool done = false;
    const schemas::TrackId track = model_.document().at<schemas::Label>(label).track;
    if (const auto* proposal = proposal_of_queue(); proposal != nullptr && proposal->track == track) {
        done = correct(*proposal, proposal->span(), label);
    } else {
        on(SetActiveLine{track, item->performer});
        done = draw(item->span, label);
    }
    if (done) model_.outbox.send(Action::next_in_queue);
}

void LabelController::copy_to_next_performer() {
    const Segment* segment = segment_at_hand();
    if (segment == nullptr) return say("Select what to copy first.");
    std::vector<schemas::SegmentId> chosen = model_.state.selection.segments;
    if (chosen.empty()) chosen = {segment->id};
    std::vector<Line> others = lines();
    std::erase_if(others, [&](const Line& line) { return line.track != segment->track; });
    const auto here = std::ranges::find(others, segment->performer, &Line::performer);
    if (others.size() < 2) return say("This track has no other performer to copy to.");
    const bool wraps = here == others.end() || std::next(here) == others.end();
    const Line to = wraps ? others.front() : *std::next(here);
    on(CopySegments{chosen, to.track, to.performer});
}

void LabelController::copy_to_next_track() {
    const Segment* segment = segment_at_hand();
    if (segment == nullptr) return say("Select what to copy first.");
    std::vector<schemas::SegmentId> chosen = model_.state.selection.segments;
    if (chosen.empty()) chosen = {segment->id};
    const std::vector<Line> all = lines();
    const auto own_track = std::ranges::find(all, segment->track, &Line::track);
    const auto other = [&](const Line& line) { return line.track != segment->track; };
    auto next = std::find_if(own_track, all.end(), other);
    if (next == all.end()) next = std::ranges::find_if(all, other);
    if (next == all.end()) return say("There is no other track to copy to.");
    const Line same{next->clip, next->layer, next->track, segment->performer};
    const Line to = std::ranges::find(all, same) != all.end() ? same : *next;
    on(CopySegments{chosen, to.track, to.performer});
}

void LabelController::add_key_pose() {
    const Line* active = line();
    if (active == nullptr) return;
    const Document& document = model_.document();
    const auto is_for_poses = [&](const Line& line) {
        return document.at<schemas::Track>(line.track).kind == schemas::TrackKind::key_pose;
    };
    Line target = *active;
    if (!is_for_poses(target)) {
        const std::vector<Line> all = lines();
        auto found = std::ranges::find_if(
            all, [&](const Line& line) { return is_for_poses(line) && line.performer == active->performer; });
        if (found == all.end()) found = std::ranges::find_if(all, is_for_poses);
        if (found == all.end()) return say("The project has no track for key poses; add one first.");
        target = *found;
    }
    const auto* label = model_.state.last_label ? document.find<schemas::Label>(*model_.state.last_label) : nullptr;
    on(SetActiveLine{target.track, target.performer});
    model_.state.selection = {};
    if (label != nullptr && label->track == target.track) return on(AddKeyPose{model_.frame, label->id});
    model_.state.asking = Asking::label;
}

void LabelController::resolve_at_hand() {
    const auto is_open = [](const schemas::Comment* comment) { return comment != nullptr && !comment->resolved; };
    const auto& selected = model_.state.selection.comment;
    const schemas::Comment* chosen = selected ? model_.document().find<schemas::Comment>(*selected) : nullptr;
    if (!selected)
        for (const auto& [id, comment] : model_.document().rows<schemas::Comment>())
            if (comment.clip == model_.state.clip && is_open(&comment) &&
                FrameSpan{comment.begin_frame, comment.end_frame}.contains(model_.frame) &&
                (chosen == nullptr || comment.begin_frame < chosen->begin_frame))
                chosen = &comment;
    if (!is_open(chosen)) return say("There is no open comment here to resolve.");
    on(ResolveComment{chosen->id});
}

}  // namespace annotator
