#include "annotator/session/chosen_span.h"

#include <algorithm>

namespace annotator {

using schemas::FrameIndex;
using schemas::FrameSpan;

FrameIndex boundary_at_playhead(const EditorModel& model, Edge edge) {
    const schemas::Clip* clip = model.clip();
    const FrameIndex end = clip != nullptr ? clip->end_frame : 0;
    return edge == Edge::end && model.frame + 1 >= end ? end : model.frame;
}

std::optional<FrameSpan> marked_span(const EditorModel& model) {
    const EditorState& state = model.state;
    if (!state.mark_in && !state.mark_out) return std::nullopt;
    const FrameIndex in = state.mark_in.value_or(boundary_at_playhead(model, Edge::begin));
    const FrameIndex out = state.mark_out.value_or(boundary_at_playhead(model, Edge::end));
    return FrameSpan{std::min(in, out), std::max(in, out)};
}

std::optional<FrameSpan> selected_span(const EditorModel& model) {
    const Selection& selection = model.state.selection;
    const Document& document = model.document();
    std::optional<FrameSpan> span;
    for (const schemas::SegmentId id : selection.segments)
        if (const auto* segment = document.find<schemas::Segment>(id))
            span = span
                       ? FrameSpan{std::min(span->begin, segment->begin_frame), std::max(span->end, segment->end_frame)}
                       : segment->span();
    if (selection.proposal)
        if (const auto* proposal = model.proposal(*selection.proposal)) span = proposal->span();
    if (selection.key_pose)
        if (const auto* pose = document.find<schemas::KeyPose>(*selection.key_pose))
            span = FrameSpan{pose->frame, pose->frame + 1};
    if (selection.comment)
        if (const auto* comment = document.find<schemas::Comment>(*selection.comment))
            span = FrameSpan{comment->begin_frame, comment->end_frame};
    return span;
}

FrameSpan commented_span(const EditorModel& model) {
    const auto marked = marked_span(model);
    const auto chosen = marked ? marked : selected_span(model);
    return chosen && schemas::is_valid(*chosen) ? *chosen : FrameSpan{model.frame, model.frame + 1};
}

}  // namespace annotator
