#include "annotator/workflows/carry_labels.h"

#include <algorithm>

namespace annotator {

namespace {

using schemas::FrameSpan;
using schemas::KeyPose;
using schemas::RowChange;
using schemas::Segment;

bool lies_in(FrameSpan span, const schemas::Clip& clip) {
    return clip.begin_frame <= span.begin && span.end <= clip.end_frame;
}

const char* reason_of(MappedSpan::Outcome outcome) {
    return outcome == MappedSpan::Outcome::collapsed ? "lies between two frames of the copy"
                                                     : "lies outside of what the copy shows";
}

}  // namespace

std::string LabelCarrier::label_text(schemas::LabelId label) const {
    const auto& row = source_.at<schemas::Label>(label);
    return source_.at<schemas::Track>(row.track).name + " '" + row.name + "'";
}

bool LabelCarrier::is_free(const Segment& segment, const Document& there) const {
    if (!source_.at<schemas::Track>(segment.track).exclusive) return true;
    const Line line = line_of(segment);
    const auto overlaps = [&](FrameSpan other) { return schemas::overlap(other, segment.span()); };
    if (const auto taken = taken_.find(line); taken != taken_.end() && std::ranges::any_of(taken->second, overlaps))
        return false;
    return std::ranges::none_of(there.segments(line),
                                [&](schemas::SegmentId id) { return overlaps(there.at<Segment>(id).span()); });
}

void LabelCarrier::carry_segment(const Segment& segment, const schemas::Clip& to, const FrameMapper& mapper,
                                 const Document& there) {
    const auto drop = [&](const std::string& reason) {
        carried.dropped.push_back({segment.id, std::nullopt, segment.span(), label_text(segment.label), reason});
    };
    const MappedSpan mapped = mapper.span(segment.span());
    if (mapped.outcome != MappedSpan::Outcome::kept) return drop(reason_of(mapped.outcome));
    if (!lies_in(mapped.span(), to)) return drop("lies outside of the copy's clip");
    Segment copy = segment;
    copy.id = ids_.fresh<schemas::SegmentId>();
    copy.clip = to.id;
    copy.begin_frame = mapped.begin.to;
    copy.end_frame = mapped.end.to;
    copy.edit = stamp_.edit;
    if (!is_free(copy, there)) return drop("would lie on another label there");
    taken_[line_of(copy)].push_back(copy.span());
    edit.changes.emplace_back(RowChange<Segment>{std::nullopt, copy});
    carried.boundaries.push_back({segment.id, Edge::begin, mapped.begin});
    carried.boundaries.push_back({segment.id, Edge::end, mapped.end});
}

void LabelCarrier::carry_key_pose(const KeyPose& pose, const schemas::Clip& to, const FrameMapper& mapper) {
    const auto drop = [&](const std::string& reason) {
        carried.dropped.push_back(
            {std::nullopt, pose.id, {pose.frame, pose.frame + 1}, label_text(pose.label), reason});
    };
    const auto at = mapper.frame(pose.frame);
    if (!at) return drop(reason_of(MappedSpan::Outcome::outside));
    if (!to.span().contains(at->to)) return drop("lies outside of the copy's clip");
    KeyPose copy = pose;
    copy.id = ids_.fresh<schemas::KeyPoseId>();
    copy.clip = to.id;
    copy.frame = at->to;
    copy.edit = stamp_.edit;
    edit.changes.emplace_back(RowChange<KeyPose>{std::nullopt, copy});
    carried.key_poses.push_back({pose.id, *at});
}

template <class Row>
void LabelCarrier::carry_remark(const Row& row, const schemas::Clip& to, const FrameMapper& mapper) {
    const MappedSpan mapped = mapper.span({row.begin_frame, row.end_frame});
    if (mapped.outcome != MappedSpan::Outcome::kept || !lies_in(mapped.span(), to)) return;
    Row copy = row;
    copy.id = ids_.fresh<decltype(copy.id)>();
    copy.clip = to.id;
    copy.begin_frame = mapped.begin.to;
    copy.end_frame = mapped.end.to;
    copy.edit = stamp_.edit;
    edit.changes.emplace_back(RowChange<Row>{std::nullopt, copy});
}

void LabelCarrier::carry(const schemas::Clip& from, const schemas::Clip& to, const FrameMapper& mapper,
                         std::optional<schemas::LayerId> layer, const Document& there) {
    for (const Line& line : source_.lines(from.id))
        if (!layer || line.layer == *layer)
            for (const schemas::SegmentId id : source_.segments(line))
                carry_segment(source_.at<Segment>(id), to, mapper, there);
    for (const auto& [id, pose] : source_.rows<KeyPose>())
        if (pose.clip == from.id && (!layer || pose.layer == *layer)) carry_key_pose(pose, to, mapper);
    if (layer) return;
    for (const auto& [id, comment] : source_.rows<schemas::Comment>())
        if (comment.clip == from.id) carry_remark(comment, to, mapper);
    for (const auto& [id, rejection] : source_.rows<schemas::Rejection>())
        if (rejection.clip == from.id) carry_remark(rejection, to, mapper);
}

}  // namespace annotator
