#include "annotator/views/timeline_drag.h"

#include <algorithm>
#include <cstdlib>
#include <vector>

#include "annotator/session/label_edits.h"

namespace annotator {

namespace {

using schemas::FrameIndex;
using schemas::SegmentId;

// The segment that touches this edge and follows it; nullptr where none does.
const schemas::Segment* touching(const Document& document, SegmentId id, Edge edge) {
    const auto* segment = document.find<schemas::Segment>(id);
    if (segment == nullptr || !document.at<schemas::Track>(segment->track).exclusive) return nullptr;
    const auto line = document.segments(line_of(*segment));
    const auto own = std::ranges::find(line, id);
    if (edge == Edge::begin && own != line.begin()) {
        const auto& before = document.at<schemas::Segment>(*std::prev(own));
        return before.end_frame == segment->begin_frame ? &before : nullptr;
    }
    if (edge == Edge::end && std::next(own) != line.end()) {
        const auto& after = document.at<schemas::Segment>(*std::next(own));
        return after.begin_frame == segment->end_frame ? &after : nullptr;
    }
    return nullptr;
}

}  // namespace

void TimelineDrag::start(const EditorModel& model, DragKind kind, const Line& line, const std::set<SegmentId>& moving) {
    cancel();
    kind_ = kind;
    line_ = line;
    if (const auto* clip = model.clip()) clip_ = clip->span();
    moving_ = moving;
}

void TimelineDrag::draw_span(const EditorModel& model, const Line& line, FrameIndex from) {
    start(model, DragKind::draw_span, line, {});
    grabbed_ = std::clamp(from, clip_.begin, clip_.end);
    preview_.span = {grabbed_, grabbed_};
}

void TimelineDrag::boundary(const EditorModel& model, const Line& line, const TimelineItem& item, Edge edge) {
    std::set<SegmentId> moving{SegmentId{item.id}};
    if (const auto* beside = touching(model.document(), SegmentId{item.id}, edge)) moving.insert(beside->id);
    start(model, DragKind::boundary, line, moving);
    item_ = item;
    edge_ = edge;
    preview_.span = {item.begin, item.end};
    preview_.boundary = edge == Edge::begin ? item.begin : item.end;
}

void TimelineDrag::proposal_edge(const EditorModel& model, const Line& line, const TimelineItem& item, Edge edge) {
    boundary(model, line, item, edge);
    kind_ = DragKind::proposal_edge;
}

void TimelineDrag::segment(const EditorModel& model, const Line& line, const TimelineItem& item, FrameIndex grabbed) {
    start(model, DragKind::segment, line, {SegmentId{item.id}});
    item_ = item;
    grabbed_ = grabbed;
    preview_.span = {item.begin, item.end};
    preview_.boundary = item.begin;
}

void TimelineDrag::key_pose(const EditorModel& model, const Line& line, const schemas::KeyPose& pose) {
    start(model, DragKind::key_pose, line, {});
    pose_ = pose.id;
    grabbed_ = pose.frame;
    preview_.span = {pose.frame, pose.frame + 1};
    preview_.boundary = pose.frame;
}

FrameIndex TimelineDrag::snap(const EditorModel& model, FrameIndex wanted, const Mouse& mouse) {
    preview_.snapped_to.reset();
    if (mouse.snap_frames <= 0) return wanted;
    const FrameIndex reach = snap_reach(mouse.snap_frames);
    std::vector<SnapTarget> targets = snap_targets(model, moving_, {wanted - reach, wanted + reach});
    // What the model proposes is nothing for its own edges to snap to.
    if (kind_ == DragKind::proposal_edge)
        std::erase_if(targets, [&](const SnapTarget& target) {
            return target.kind == SnapKind::model_boundary &&
                   (target.frame == item_.begin || target.frame == item_.end);
        });
    const Snapped found = snapped(wanted, mouse.snap_frames, targets);
    preview_.snapped_to = found.to;
    preview_.guide = found.frame;
    return found.frame;
}

void TimelineDrag::move_boundary(const EditorModel& model, const Mouse& mouse) {
    BoundaryRoom room =
        edge_ == Edge::begin ? BoundaryRoom{clip_.begin, item_.end - 1} : BoundaryRoom{item_.begin + 1, clip_.end};
    preview_.neighbour.reset();
    const schemas::Segment* beside = nullptr;
    if (kind_ == DragKind::boundary) {
        const SegmentId id{item_.id};
        if (model.document().find<schemas::Segment>(id) == nullptr) return cancel();
        how_ = mouse.how;
        const bool rolls = how_ == BoundaryMove::roll;
        room = boundary_room(model.document(), id, edge_, rolls ? NeighbourRule::follows : NeighbourRule::stays);
        if (rolls) beside = touching(model.document(), id, edge_);
    }
    const FrameIndex wanted = snap(model, mouse.boundary, mouse);
    preview_.boundary = std::clamp(wanted, room.least, room.most);
    if (preview_.boundary != wanted) preview_.snapped_to.reset();
    preview_.span = edge_ == Edge::begin ? schemas::FrameSpan{preview_.boundary, item_.end}
                                         : schemas::FrameSpan{item_.begin, preview_.boundary};
    if (beside != nullptr) {
        preview_.neighbour = beside->id;
        preview_.neighbour_span = edge_ == Edge::begin ? schemas::FrameSpan{beside->begin_frame, preview_.boundary}
                                                       : schemas::FrameSpan{preview_.boundary, beside->end_frame};
    }
}

void TimelineDrag::move_segment(const EditorModel& model, const Mouse& mouse) {
    const SegmentId id{item_.id};
    if (model.document().find<schemas::Segment>(id) == nullptr) return cancel();
    const BoundaryRoom room = move_room(model.document(), id);
    const FrameIndex length = item_.end - item_.begin;
    const FrameIndex wanted = item_.begin + mouse.frame - grabbed_;
    // Whichever end is nearer to something snaps.
    FrameIndex begin = snap(model, wanted, mouse);
    if (!preview_.snapped_to) begin = snap(model, wanted + length, mouse) - length;
    const FrameIndex inside = std::clamp(begin, room.least, std::max(room.least, room.most));
    if (inside != begin) preview_.snapped_to.reset();
    preview_.boundary = inside;
    preview_.span = {inside, inside + length};
}

void TimelineDrag::move(const EditorModel& model, const Mouse& mouse) {
    begun_ = true;
    switch (kind_) {
        case DragKind::draw_span: {
            const FrameIndex to = std::clamp(snap(model, mouse.boundary, mouse), clip_.begin, clip_.end);
            preview_.boundary = to;
            preview_.span = {std::min(grabbed_, to), std::max(grabbed_, to)};
            break;
        }
        case DragKind::boundary:
        case DragKind::proposal_edge:
            move_boundary(model, mouse);
            break;
        case DragKind::segment:
            move_segment(model, mouse);
            break;
        case DragKind::key_pose: {
            const FrameIndex to = std::clamp(snap(model, mouse.frame, mouse), clip_.begin, clip_.end - 1);
            preview_.boundary = to;
            preview_.span = {to, to + 1};
            break;
        }
        case DragKind::nothing:
        case DragKind::scrub:
        case DragKind::pan:
            break;
    }
}

void TimelineDrag::finish(Outbox& outbox) {
    const FrameIndex to = preview_.boundary;
    const bool moved = preview_.span != schemas::FrameSpan{item_.begin, item_.end};
    if (begun_) switch (kind_) {
            case DragKind::draw_span:
                if (preview_.span.length() == 0) break;
                outbox.send(SetActiveLine{line_.track, line_.performer});
                outbox.send(SetMarks{preview_.span.begin, preview_.span.end});
                outbox.send(Ask{Asking::label});
                break;
            case DragKind::boundary:
                if (moved) outbox.send(MoveBoundary{SegmentId{item_.id}, edge_, to, how_});
                break;
            case DragKind::proposal_edge:
                if (moved) outbox.send(CorrectProposal{schemas::ProposalId{item_.id}, preview_.span, item_.label});
                break;
            case DragKind::segment:
                if (moved) outbox.send(MoveSegment{SegmentId{item_.id}, to});
                break;
            case DragKind::key_pose:
                if (to != grabbed_) outbox.send(MoveKeyPose{pose_, to});
                break;
            case DragKind::nothing:
            case DragKind::scrub:
            case DragKind::pan:
                break;
        }
    cancel();
}

}  // namespace annotator
