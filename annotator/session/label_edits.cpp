#include "annotator/session/label_edits.h"

#include <algorithm>

#include "annotator/document/taxonomy_commands.h"

namespace annotator {

namespace {

using schemas::FrameIndex;
using schemas::RowChange;
using schemas::Segment;
using schemas::SegmentId;

struct Neighbours {
    const Segment* before = nullptr;
    const Segment* after = nullptr;
};

// Of an exclusive track; elsewhere segments may overlap, and none is in the way.
Neighbours neighbours_of(const Document& document, const Segment& segment) {
    if (!document.at<schemas::Track>(segment.track).exclusive) return {};
    const auto line = document.segments(line_of(segment));
    const auto begin_of = [&](SegmentId id) {
        const auto& each = document.at<Segment>(id);
        return std::pair(each.begin_frame, each.id);
    };
    const auto own = std::ranges::lower_bound(line, std::pair(segment.begin_frame, segment.id), {}, begin_of);
    Neighbours found;
    if (own != line.begin()) found.before = &document.at<Segment>(*std::prev(own));
    if (std::next(own) != line.end()) found.after = &document.at<Segment>(*std::next(own));
    return found;
}

void append(Edit& edit, Edit more) {
    std::ranges::move(more.changes, std::back_inserter(edit.changes));
    if (edit.title.empty()) edit.title = std::move(more.title);
}

std::string count_of(std::size_t segments) { return std::to_string(segments) + " segments"; }

template <class Row>
void copy_all(const Document& document, schemas::ProjectRows& rows) {
    for (const auto& [id, row] : document.rows<Row>()) std::get<std::vector<Row>>(rows).push_back(row);
}

// A document of one clip with nothing on it but the segments of some lines, so that several edits can be tried one
// after the other without copying a project.
Document around(const Document& document, schemas::ClipId clip, const std::vector<Line>& lines) {
    schemas::ProjectRows rows;
    copy_all<schemas::Performer>(document, rows);
    copy_all<schemas::Track>(document, rows);
    copy_all<schemas::Label>(document, rows);
    copy_all<schemas::Layer>(document, rows);
    const auto& shown = document.at<schemas::Clip>(clip);
    std::get<std::vector<schemas::Clip>>(rows).push_back(shown);
    std::get<std::vector<schemas::Take>>(rows).push_back(document.at<schemas::Take>(shown.take));
    auto& segments = std::get<std::vector<Segment>>(rows);
    for (const Line& line : lines)
        for (const SegmentId id : document.segments(line)) segments.push_back(document.at<Segment>(id));
    return Document(std::move(rows));
}

schemas::LabelId label_on(const Document& document, const Segment& segment, schemas::TrackId track) {
    if (segment.track == track) return segment.label;
    const std::string& name = document.at<schemas::Label>(segment.label).name;
    if (const auto* found = label_named(document, track, name); found != nullptr && !found->deprecated)
        return found->id;
    throw EditConflict("track '" + document.at<schemas::Track>(track).name + "' has no label '" + name +
                       "'; add it there first, nothing was copied");
}

struct DrawnCopy {
    Line line;
    schemas::FrameSpan span;
    schemas::LabelId label{};
};

Edit draw_all(const Document& document, const EditStamp& stamp, const std::vector<DrawnCopy>& copies,
              schemas::IdSource& ids) {
    Edit edit;
    if (copies.empty()) return edit;
    std::vector<Line> lines;
    for (const DrawnCopy& copy : copies)
        if (std::ranges::find(lines, copy.line) == lines.end()) lines.push_back(copy.line);
    Document scratch = around(document, copies.front().line.clip, lines);
    for (const DrawnCopy& copy : copies) {
        // The layer may be made by the very edit that these are a part of.
        if (scratch.find<schemas::Layer>(copy.line.layer) == nullptr)
            scratch.apply({"", {RowChange<schemas::Layer>{std::nullopt, schemas::Layer{copy.line.layer, {}, {}, {}}}}});
        Edit one = draw_segment(scratch, stamp, {copy.line, copy.span, copy.label, schemas::LabelState::drawn, {}, {}},
                                WhereLabelled::overwrite, ids);
        scratch.apply(one);
        append(edit, std::move(one));
    }
    return edit;
}

}  // namespace

BoundaryRoom boundary_room(const Document& document, SegmentId id, Edge edge, NeighbourRule rule) {
    const auto& segment = document.at<Segment>(id);
    const auto& clip = document.at<schemas::Clip>(segment.clip);
    const Neighbours beside = neighbours_of(document, segment);
    if (edge == Edge::begin) {
        BoundaryRoom room{clip.begin_frame, segment.end_frame - 1};
        if (beside.before != nullptr) {
            const bool rolls = rule == NeighbourRule::follows && beside.before->end_frame == segment.begin_frame;
            room.least = rolls ? beside.before->begin_frame + 1 : beside.before->end_frame;
        }
        return room;
    }
    BoundaryRoom room{segment.begin_frame + 1, clip.end_frame};
    if (beside.after != nullptr) {
        const bool rolls = rule == NeighbourRule::follows && beside.after->begin_frame == segment.end_frame;
        room.most = rolls ? beside.after->end_frame - 1 : beside.after->begin_frame;
    }
    return room;
}

BoundaryRoom move_room(const Document& document, SegmentId id) {
    const auto& segment = document.at<Segment>(id);
    const auto& clip = document.at<schemas::Clip>(segment.clip);
    const Neighbours beside = neighbours_of(document, segment);
    const FrameIndex least = beside.before != nullptr ? beside.before->end_frame : clip.begin_frame;
    const FrameIndex end = beside.after != nullptr ? beside.after->begin_frame : clip.end_frame;
    return {least, end - segment.span().length()};
}

Edit move_segment(const Document& document, const EditStamp& stamp, SegmentId id, FrameIndex begin) {
    const auto& before = document.at<Segment>(id);
    Edit edit{"Move segment", {}};
    if (before.begin_frame == begin) return edit;
    Segment after = before;
    after.begin_frame = begin;
    after.end_frame = begin + before.span().length();
    sign_as_corrected(after, stamp);
    edit.changes.emplace_back(RowChange<Segment>{before, after});
    return edit;
}

Edit relabel_segments(const Document& document, const EditStamp& stamp, const std::vector<SegmentId>& ids,
                      schemas::LabelId label) {
    Edit edit;
    for (const SegmentId id : ids) append(edit, relabel_segment(document, stamp, id, label));
    if (ids.size() > 1)
        edit.title = "Relabel " + count_of(ids.size()) + " to '" + document.at<schemas::Label>(label).name + "'";
    return edit;
}

Edit delete_segments(const Document& document, const std::vector<SegmentId>& ids) {
    Edit edit;
    for (const SegmentId id : ids) append(edit, delete_segment(document, id));
    if (ids.size() > 1) edit.title = "Delete " + count_of(ids.size());
    return edit;
}

Edit merge_segments(const Document& document, const EditStamp& stamp, std::vector<SegmentId> ids) {
    if (ids.empty()) throw EditConflict("there is no segment to merge");
    if (ids.size() == 1) return merge_with_next(document, stamp, ids.front());
    std::ranges::sort(ids, {}, [&](SegmentId id) { return std::pair(document.at<Segment>(id).begin_frame, id); });
    const auto& first = document.at<Segment>(ids.front());
    const auto line = document.segments(line_of(first));
    const auto place = std::ranges::search(line, ids);
    if (place.empty())
        throw EditConflict(document.at<schemas::Clip>(first.clip).name +
                           ": only segments that follow each other on one track can be merged; nothing was merged");
    Edit edit{"Merge " + count_of(ids.size()), {}};
    Segment whole = first;
    for (const SegmentId id : std::span(ids).subspan(1)) {
        const auto& each = document.at<Segment>(id);
        whole.end_frame = std::max(whole.end_frame, each.end_frame);
        edit.changes.emplace_back(RowChange<Segment>{each, std::nullopt});
    }
    sign_as_corrected(whole, stamp);
    edit.changes.emplace_back(RowChange<Segment>{first, whole});
    return edit;
}

Edit copy_segments(const Document& document, const EditStamp& stamp, const std::vector<SegmentId>& ids, const Line& to,
                   schemas::IdSource& ids_source) {
    std::vector<DrawnCopy> copies;
    for (const SegmentId id : ids) {
        const auto& segment = document.at<Segment>(id);
        copies.push_back({to, segment.span(), label_on(document, segment, to.track)});
    }
    Edit edit = draw_all(document, stamp, copies, ids_source);
    edit.title = copies.size() == 1 ? "Copy segment" : "Copy " + count_of(copies.size());
    return edit;
}

Edit take_over_segments(const Document& document, const EditStamp& stamp, const std::vector<SegmentId>& ids,
                        schemas::LayerId layer, std::optional<schemas::LabelId> label, schemas::IdSource& ids_source) {
    std::vector<DrawnCopy> copies;
    for (const SegmentId id : ids) {
        const auto& segment = document.at<Segment>(id);
        Line line = line_of(segment);
        line.layer = layer;
        copies.push_back({line, segment.span(), label.value_or(segment.label)});
    }
    Edit edit = draw_all(document, stamp, copies, ids_source);
    edit.title = copies.size() == 1 ? "Take over a label" : "Take over " + count_of(copies.size());
    return edit;
}

Edit delete_comment(const Document& document, schemas::CommentId id) {
    return {"Delete comment", {RowChange<schemas::Comment>{document.at<schemas::Comment>(id), std::nullopt}}};
}

Edit relabel_key_pose(const Document& document, const EditStamp& stamp, schemas::KeyPoseId id, schemas::LabelId label) {
    const auto& before = document.at<schemas::KeyPose>(id);
    Edit edit{"Relabel key pose to '" + document.at<schemas::Label>(label).name + "'", {}};
    if (before.label == label) return edit;
    schemas::KeyPose after = before;
    after.label = label;
    after.author = stamp.author.name;
    after.edit = stamp.edit;
    after.time = stamp.time;
    edit.changes.emplace_back(RowChange<schemas::KeyPose>{before, after});
    return edit;
}

}  // namespace annotator
