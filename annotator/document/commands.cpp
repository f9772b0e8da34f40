#include "annotator/document/commands.h"

#include <algorithm>

namespace annotator {

namespace {

using schemas::Clip;
using schemas::FrameIndex;
using schemas::FrameSpan;
using schemas::KeyPose;
using schemas::LabelState;
using schemas::RowChange;
using schemas::Segment;
using schemas::SegmentId;

template <class Row>
schemas::Change inserted(Row row) {
    return RowChange<Row>{std::nullopt, std::move(row)};
}
template <class Row>
schemas::Change erased(Row row) {
    return RowChange<Row>{std::move(row), std::nullopt};
}
template <class Row>
schemas::Change updated(Row before, Row after) {
    return RowChange<Row>{std::move(before), std::move(after)};
}

void sign(Segment& segment, const EditStamp& stamp) {
    segment.author = stamp.author.name;
    segment.edit = stamp.edit;
    segment.time = stamp.time;
}

Segment fresh_segment(const NewSegment& wanted, const EditStamp& stamp, schemas::IdSource& ids) {
    Segment segment;
    segment.id = ids.fresh<SegmentId>();
    segment.layer = wanted.line.layer;
    segment.clip = wanted.line.clip;
    segment.track = wanted.line.track;
    segment.performer = wanted.line.performer;
    segment.begin_frame = wanted.span.begin;
    segment.end_frame = wanted.span.end;
    segment.label = wanted.label;
    segment.state = wanted.state;
    segment.proposal = wanted.proposal;
    segment.model = wanted.model;
    sign(segment, stamp);
    return segment;
}

bool is_exclusive(const Document& document, const Line& line) {
    return document.at<schemas::Track>(line.track).exclusive;
}

std::vector<Segment> overlapping(const Document& document, const Line& line, FrameSpan span) {
    const auto ids = document.segments(line);
    // Where segments may overlap their ends are in no order.
    auto each = ids.empty() || !is_exclusive(document, line)
                    ? ids.begin()
                    : std::ranges::partition_point(
                          ids, [&](SegmentId id) { return document.at<Segment>(id).end_frame <= span.begin; });
    std::vector<Segment> found;
    for (; each != ids.end(); ++each) {
        const auto& segment = document.at<Segment>(*each);
        if (segment.begin_frame >= span.end) break;
        if (schemas::overlap(segment.span(), span)) found.push_back(segment);
    }
    return found;
}

// Cuts `span` out of the segment: what sticks out on either side stays.
void clear_from(Edit& edit, const Segment& segment, FrameSpan span, const EditStamp& stamp, schemas::IdSource& ids) {
    Segment left = segment, right = segment;
    left.end_frame = span.begin;
    right.begin_frame = span.end;
    sign_as_corrected(left, stamp);
    sign_as_corrected(right, stamp);
    const bool keeps_left = left.begin_frame < left.end_frame;
    const bool keeps_right = right.begin_frame < right.end_frame;
    if (keeps_left && keeps_right) right.id = ids.fresh<SegmentId>();
    if (!keeps_left && !keeps_right) edit.changes.push_back(erased(segment));
    if (keeps_left) edit.changes.push_back(updated(segment, left));
    if (keeps_right) edit.changes.push_back(keeps_left ? inserted(right) : updated(segment, right));
}

void add_segment(Edit& edit, const Document& document, const EditStamp& stamp, const NewSegment& wanted,
                 WhereLabelled rule, schemas::IdSource& ids) {
    if (document.at<schemas::Track>(wanted.line.track).exclusive) {
        const auto in_the_way = overlapping(document, wanted.line, wanted.span);
        if (!in_the_way.empty() && rule == WhereLabelled::refuse)
            throw EditConflict(document.at<Clip>(wanted.line.clip).name + ": frames " + interval_text(wanted.span) +
                               " are labelled already; nothing was drawn");
        for (const Segment& segment : in_the_way) clear_from(edit, segment, wanted.span, stamp, ids);
    }
    edit.changes.push_back(inserted(fresh_segment(wanted, stamp, ids)));
}

// The segment whose edge lies exactly on this edge of `segment`, if any.
std::optional<Segment> touching(const Document& document, const Segment& segment, Edge edge) {
    const auto touches = [&](const Segment& other) {
        return other.id != segment.id &&
               (edge == Edge::begin ? other.end_frame == segment.begin_frame : other.begin_frame == segment.end_frame);
    };
    auto ids = document.segments(line_of(segment));
    if (is_exclusive(document, line_of(segment))) {
        // Only the ones beside it can.
        const auto own =
            std::ranges::lower_bound(ids, std::pair(segment.begin_frame, segment.id), {},
                                     [&](SegmentId id) { return std::pair(document.at<Segment>(id).begin_frame, id); });
        const auto place = static_cast<std::size_t>(own - ids.begin());
        const std::size_t first = place > 0 ? place - 1 : 0;
        ids = ids.subspan(first, std::min<std::size_t>(3, ids.size() - first));
    }
    for (const SegmentId id : ids)
        if (const auto& other = document.at<Segment>(id); touches(other)) return other;
    return std::nullopt;
}

Segment with_edge(Segment segment, Edge edge, FrameIndex to) {
    (edge == Edge::begin ? segment.begin_frame : segment.end_frame) = to;
    return segment;
}

void check_not_empty(const Document& document, const Segment& segment) {
    if (segment.begin_frame >= segment.end_frame)
        throw EditConflict(document.at<Clip>(segment.clip).name +
                           ": a segment keeps at least one frame; delete it to remove it");
}

}  // namespace

void sign_as_corrected(Segment& segment, const EditStamp& stamp) {
    sign(segment, stamp);
    if (segment.state != LabelState::drawn) segment.state = LabelState::corrected;
}

Edit draw_segment(const Document& document, const EditStamp& stamp, const NewSegment& segment, WhereLabelled rule,
                  schemas::IdSource& ids) {
    Edit edit{"Draw '" + document.at<schemas::Label>(segment.label).name + "'", {}};
    add_segment(edit, document, stamp, segment, rule, ids);
    return edit;
}

Edit delete_segment(const Document& document, SegmentId id) {
    const auto& segment = document.at<Segment>(id);
    return {"Delete '" + document.at<schemas::Label>(segment.label).name + "'", {erased(segment)}};
}

Edit relabel_segment(const Document& document, const EditStamp& stamp, SegmentId id, schemas::LabelId label) {
    const auto& before = document.at<Segment>(id);
    Edit edit{"Relabel to '" + document.at<schemas::Label>(label).name + "'", {}};
    if (before.label == label) return edit;
    Segment after = before;
    after.label = label;
    sign_as_corrected(after, stamp);
    edit.changes.push_back(updated(before, after));
    return edit;
}

Edit trim_segment(const Document& document, const EditStamp& stamp, SegmentId id, Edge edge, FrameIndex to) {
    const auto& before = document.at<Segment>(id);
    Segment after = with_edge(before, edge, to);
    check_not_empty(document, after);
    Edit edit{"Trim segment", {}};
    if (after == before) return edit;
    sign_as_corrected(after, stamp);
    edit.changes.push_back(updated(before, after));
    return edit;
}

Edit roll_boundary(const Document& document, const EditStamp& stamp, SegmentId id, Edge edge, FrameIndex to) {
    const auto& segment = document.at<Segment>(id);
    Edit edit = trim_segment(document, stamp, id, edge, to);
    edit.title = "Move boundary";
    const auto neighbour = touching(document, segment, edge);
    if (!neighbour || edit.changes.empty()) return edit;
    Segment after = with_edge(*neighbour, edge == Edge::begin ? Edge::end : Edge::begin, to);
    check_not_empty(document, after);
    sign_as_corrected(after, stamp);
    edit.changes.push_back(updated(*neighbour, after));
    return edit;
}

Edit split_segment(const Document& document, const EditStamp& stamp, SegmentId id, FrameIndex at, SegmentId fresh) {
    const auto& whole = document.at<Segment>(id);
    if (at <= whole.begin_frame || at >= whole.end_frame)
        throw EditConflict(document.at<Clip>(whole.clip).name + ": frame " + std::to_string(at) +
                           " does not lie inside the segment; nothing was split");
    Segment left = whole, right = whole;
    left.end_frame = right.begin_frame = at;
    right.id = fresh;
    sign_as_corrected(left, stamp);
    sign_as_corrected(right, stamp);
    return {"Split segment", {updated(whole, left), inserted(right)}};
}

Edit merge_with_next(const Document& document, const EditStamp& stamp, SegmentId id) {
    const auto& first = document.at<Segment>(id);
    const auto line = document.segments(line_of(first));
    const auto next = std::ranges::find(line, id) + 1;
    if (next == line.end())
        throw EditConflict(document.at<Clip>(first.clip).name + ": there is no next segment to merge with");
    const auto& second = document.at<Segment>(*next);
    Segment whole = first;
    whole.end_frame = std::max(first.end_frame, second.end_frame);
    sign_as_corrected(whole, stamp);
    return {"Merge segments", {erased(second), updated(first, whole)}};
}

Edit set_state(const Document& document, const EditStamp& stamp, SegmentId id, LabelState state) {
    const auto& before = document.at<Segment>(id);
    Edit edit{"Mark as " + std::string(schemas::to_text(state)), {}};
    if (before.state == state) return edit;
    Segment after = before;
    after.state = state;
    after.edit = stamp.edit;
    after.time = stamp.time;
    edit.changes.push_back(updated(before, after));
    return edit;
}

Edit accept_proposals(const Document& document, const EditStamp& stamp, schemas::LayerId layer,
                      const std::vector<schemas::Proposal>& proposals, schemas::IdSource& ids) {
    Edit edit{proposals.size() == 1 ? "Accept proposal" : "Accept " + std::to_string(proposals.size()) + " proposals",
              {}};
    for (const schemas::Proposal& proposal : proposals) {
        if (proposal.top.empty()) continue;
        const Line line{proposal.clip, layer, proposal.track, proposal.performer};
        if (!overlapping(document, line, proposal.span()).empty()) continue;
        add_segment(
            edit, document, stamp,
            {line, proposal.span(), proposal.top.front().label, LabelState::accepted, proposal.id, proposal.model},
            WhereLabelled::refuse, ids);
    }
    return edit;
}

Edit correct_proposal(const Document& document, const EditStamp& stamp, schemas::LayerId layer,
                      const schemas::Proposal& proposal, FrameSpan span, schemas::LabelId label,
                      schemas::IdSource& ids) {
    const bool as_proposed = !proposal.top.empty() && proposal.top.front().label == label && proposal.span() == span;
    Edit edit{"Correct proposal to '" + document.at<schemas::Label>(label).name + "'", {}};
    add_segment(edit, document, stamp,
                {Line{proposal.clip, layer, proposal.track, proposal.performer}, span, label,
                 as_proposed ? LabelState::accepted : LabelState::corrected, proposal.id, proposal.model},
                WhereLabelled::overwrite, ids);
    return edit;
}

Edit reject_proposal(const Document& document, const EditStamp& stamp, const schemas::Proposal& proposal,
                     schemas::IdSource& ids) {
    if (proposal.top.empty())
        throw EditConflict(document.at<Clip>(proposal.clip).name + ": the proposal has no label to reject");
    schemas::Rejection rejection;
    rejection.id = ids.fresh<schemas::RejectionId>();
    rejection.clip = proposal.clip;
    rejection.track = proposal.track;
    rejection.performer = proposal.performer;
    rejection.begin_frame = proposal.begin_frame;
    rejection.end_frame = proposal.end_frame;
    rejection.label = proposal.top.front().label;
    rejection.proposal = proposal.id;
    rejection.author = stamp.author.name;
    rejection.edit = stamp.edit;
    rejection.time = stamp.time;
    return {"Reject proposal", {inserted(rejection)}};
}

Edit add_key_pose(const Document& document, const EditStamp& stamp, const Line& line, FrameIndex frame,
                  schemas::LabelId label, schemas::IdSource& ids) {
    KeyPose pose;
    pose.id = ids.fresh<schemas::KeyPoseId>();
    pose.layer = line.layer;
    pose.clip = line.clip;
    pose.track = line.track;
    pose.performer = line.performer;
    pose.frame = frame;
    pose.label = label;
    pose.author = stamp.author.name;
    pose.edit = stamp.edit;
    pose.time = stamp.time;
    return {"Add key pose '" + document.at<schemas::Label>(label).name + "'", {inserted(pose)}};
}

Edit move_key_pose(const Document& document, const EditStamp& stamp, schemas::KeyPoseId id, FrameIndex to) {
    const auto& before = document.at<KeyPose>(id);
    Edit edit{"Move key pose", {}};
    if (before.frame == to) return edit;
    KeyPose after = before;
    after.frame = to;
    after.author = stamp.author.name;
    after.edit = stamp.edit;
    after.time = stamp.time;
    edit.changes.push_back(updated(before, after));
    return edit;
}

Edit delete_key_pose(const Document& document, schemas::KeyPoseId id) {
    return {"Delete key pose", {erased(document.at<KeyPose>(id))}};
}

Edit add_comment(const Document& document, const EditStamp& stamp, schemas::ClipId clip, FrameSpan span,
                 const std::string& text, schemas::IdSource& ids) {
    const Clip* found = document.find<Clip>(clip);
    if (found == nullptr) throw EditConflict("the clip that the comment speaks of is gone");
    if (text.empty()) throw EditConflict(found->name + ": a comment needs a text");
    if (!schemas::is_valid(span) || span.begin < found->begin_frame || span.end > found->end_frame)
        throw EditConflict(found->name + ": the comment's frames " + interval_text(span) + " do not lie in the clip");
    return {"Comment",
            {inserted(schemas::Comment{ids.fresh<schemas::CommentId>(), clip, span.begin, span.end, stamp.author.name,
                                       text, false, stamp.edit, stamp.time})}};
}

Edit resolve_comment(const Document& document, const EditStamp& stamp, schemas::CommentId id) {
    const auto& before = document.at<schemas::Comment>(id);
    schemas::Comment after = before;
    after.resolved = true;
    after.edit = stamp.edit;
    after.time = stamp.time;
    return {"Resolve comment", {updated(before, after)}};
}

}  // namespace annotator
