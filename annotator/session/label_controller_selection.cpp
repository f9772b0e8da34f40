#include <algorithm>

#include "annotator/session/chosen_span.h"
#include "annotator/session/label_controller.h"
#include "annotator/session/label_lines.h"
#include "annotator/session/review.h"
#include "annotator/session/timeline_range.h"

// What is selected, marked and active, and which part of the clip is in sight.
namespace annotator {

namespace {

using schemas::FrameIndex;
using schemas::FrameSpan;
using schemas::Segment;

}  // namespace

void LabelController::on(const SelectSegment& wanted) { on(SelectSegments{{wanted.segment}, wanted.how}); }

void LabelController::on(const SelectSegments& wanted) {
    EditorState& state = model_.state;
    std::vector<schemas::SegmentId> chosen =
        wanted.how == SelectHow::replace ? std::vector<schemas::SegmentId>{} : state.selection.segments;
    for (const schemas::SegmentId id : wanted.segments) {
        const Segment* segment = model_.document().find<Segment>(id);
        if (segment == nullptr || segment->clip != state.clip) continue;
        const bool was_there = std::erase(chosen, id) > 0;
        if (!was_there || wanted.how != SelectHow::toggle) chosen.push_back(id);
    }
    state.selection = {};
    state.selection.segments = std::move(chosen);
    state.mark_in = state.mark_out = std::nullopt;
    if (const Segment* last = selected_segment()) set_line({last->clip, own(), last->track, last->performer});
}

void LabelController::on(const SelectProposal& wanted) {
    const schemas::Proposal* proposal = model_.proposal(wanted.proposal);
    if (proposal == nullptr) return say("That proposal is not there any more.");
    model_.state.selection = {};
    model_.state.selection.proposal = wanted.proposal;
    model_.state.mark_in = model_.state.mark_out = std::nullopt;
    set_line({proposal->clip, own(), proposal->track, proposal->performer});
}

void LabelController::on(const SelectKeyPose& wanted) {
    const auto* pose = model_.document().find<schemas::KeyPose>(wanted.pose);
    if (pose == nullptr || pose->clip != model_.state.clip) return;
    model_.state.selection = {};
    model_.state.selection.key_pose = wanted.pose;
    set_line({pose->clip, own(), pose->track, pose->performer});
}

void LabelController::on(const SelectComment& wanted) {
    const auto* comment = model_.document().find<schemas::Comment>(wanted.comment);
    if (comment == nullptr || comment->clip != model_.state.clip) return;
    model_.state.selection = {};
    model_.state.selection.comment = wanted.comment;
}

void LabelController::on(const ClearSelection&) {
    model_.state.selection = {};
    model_.state.mark_in = model_.state.mark_out = std::nullopt;
}

// Escape takes back one thing at a time, the nearest first.
void LabelController::clear() {
    if (model_.state.asking != Asking::nothing)
        model_.state.asking = Asking::nothing;
    else
        on(ClearSelection{});
}

void LabelController::on(const SetActiveLine& wanted) {
    if (!model_.state.clip) return say("Open a clip first.");
    if (model_.document().find<schemas::Track>(wanted.track) == nullptr) return say("That track is gone.");
    const Line line{*model_.state.clip, own(), wanted.track, wanted.performer};
    if (model_.state.line != line) model_.state.selection = {};
    set_line(line);
}

void LabelController::set_line(const Line& line) {
    const std::vector<Line> all = lines();
    if (std::ranges::find(all, line) != all.end()) model_.state.line = line;
}

void LabelController::select_alone(schemas::SegmentId segment) { on(SelectSegment{segment}); }

void LabelController::on(const SetMarks& wanted) {
    EditorState& state = model_.state;
    state.mark_in = wanted.in;
    state.mark_out = wanted.out;
    if (state.mark_in || state.mark_out) state.selection = {};
}

void LabelController::cycle_line(int by) {
    if (line() == nullptr) return;
    const std::vector<Line> all = lines();
    const auto here = std::ranges::find(all, *model_.state.line);
    const auto count = static_cast<int>(all.size());
    const int place = here == all.end() ? 0 : static_cast<int>(here - all.begin()) + by;
    const Line& next = all[static_cast<std::size_t>((place + count) % count)];
    if (count == 1) say("This is the only track.");
    on(SetActiveLine{next.track, next.performer});
}

void LabelController::select_beside(int by) {
    const Line* active = line();
    if (active == nullptr) return;
    const Document& document = model_.document();
    const Segment* selected = selected_segment();
    const Line on_line = selected != nullptr ? line_of(*selected) : *active;
    const auto ids = document.segments(on_line);
    if (ids.empty()) return say("There are no segments on this track.");
    std::ptrdiff_t place = 0;
    if (selected != nullptr)
        place = std::ranges::find(ids, selected->id) - ids.begin() + by;
    else
        place = static_cast<std::ptrdiff_t>(first_ending_after(document, on_line, model_.frame)) - (by < 0 ? 1 : 0);
    if (place < 0 || place >= static_cast<std::ptrdiff_t>(ids.size()))
        return say(by > 0 ? "This is the last segment of the track." : "This is the first segment of the track.");
    const schemas::SegmentId chosen = ids[static_cast<std::size_t>(place)];
    select_alone(chosen);
    go_to(document.at<Segment>(chosen).begin_frame);
}

void LabelController::select_all() {
    const Line* active = line();
    if (active == nullptr) return;
    const auto ids = model_.document().segments(*active);
    if (ids.empty()) return say("There are no segments on this track.");
    on(SelectSegments{{ids.begin(), ids.end()}});
}

void LabelController::fit_selection() {
    const std::optional<FrameSpan> marked = marked_span(model_), selected = marked ? marked : selected_span(model_);
    const Segment* under = segment_under_playhead();
    if (model_.clip() == nullptr) return say("Open a clip first.");
    const FrameSpan span = selected ? *selected : under != nullptr ? under->span() : clip_span();
    model_.state.range = fitted(model_.state.range, clip_span(), span);
}

void LabelController::zoom(double factor) {
    if (model_.clip() == nullptr) return say("Open a clip first.");
    const TimelineRange& range = model_.state.range;
    const FrameSpan clip = clip_span();
    const double first = first_shown_frame(range, clip);
    const double shown = shown_frames_per_point(range, clip) * range.points;
    const double playhead = static_cast<double>(model_.frame) + 0.5;
    const bool in_sight = first <= playhead && playhead <= first + shown;
    model_.state.range = zoomed(range, clip, factor, in_sight ? playhead : first + shown / 2);
}

void LabelController::go_to_boundary(int by) {
    const Line* active = line();
    if (active == nullptr) return;
    const std::vector<FrameIndex> frames = boundaries_of(model_.document(), model_.proposals(), *active);
    const auto after = std::ranges::upper_bound(frames, model_.frame);
    const auto from = std::ranges::lower_bound(frames, model_.frame);
    const bool at_the_end = model_.frame + 1 >= clip_span().end;
    if (by > 0 && (after == frames.end() || at_the_end))
        return say("There is no boundary after this frame on the track.");
    if (by < 0 && from == frames.begin()) return say("There is no boundary before this frame on the track.");
    go_to(by > 0 ? *after : *std::prev(from));
}

// --- what keys speak of

const Segment* LabelController::selected_segment() const {
    const auto id = model_.state.selection.segment();
    return id ? model_.document().find<Segment>(*id) : nullptr;
}

const Segment* LabelController::segment_under_playhead() const {
    return model_.state.line ? segment_at(model_.document(), *model_.state.line, model_.frame) : nullptr;
}

const Segment* LabelController::segment_at_hand() const {
    const Segment* selected = selected_segment();
    return selected != nullptr ? selected : segment_under_playhead();
}

const schemas::Proposal* LabelController::proposal_of_queue() const {
    const schemas::QueueItem* item = item_of_queue();
    const auto track = item != nullptr ? track_of_queue(model_.document(), model_.output) : std::nullopt;
    return track ? proposal_for(model_.output, *item, *track) : nullptr;
}

const schemas::Proposal* LabelController::proposal_at_hand() const {
    const EditorState& state = model_.state;
    if (state.selection.proposal) return model_.proposal(*state.selection.proposal);
    if (item_of_queue() != nullptr) return proposal_of_queue();
    if (!state.line) return nullptr;
    return open_proposal_at(model_.document(), model_.proposals(), *state.line, model_.frame);
}

const Segment* LabelController::segment_with_edge(Edge edge) const {
    if (const Segment* at_hand = segment_at_hand()) return at_hand;
    if (!model_.state.line) return nullptr;
    const auto ids = model_.document().segments(*model_.state.line);
    const std::size_t next = first_ending_after(model_.document(), *model_.state.line, model_.frame);
    if (edge == Edge::begin) return next < ids.size() ? &model_.document().at<Segment>(ids[next]) : nullptr;
    return next > 0 ? &model_.document().at<Segment>(ids[next - 1]) : nullptr;
}

}  // namespace annotator
