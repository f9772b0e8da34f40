#include "annotator/session/review.h"

#include <algorithm>

#include "annotator/document/queries.h"
#include "annotator/document/taxonomy_commands.h"

namespace annotator {

bool is_answered(const Document& document, const schemas::QueueItem& item, schemas::TrackId track) {
    schemas::FrameIndex labelled = 0;
    for (const Line& line : document.lines(item.clip)) {
        if (line.track != track || document.at<schemas::Layer>(line.layer).kind == schemas::LayerKind::truth) continue;
        if (item.performer && line.performer && line.performer != item.performer) continue;
        for (const schemas::SegmentId id : document.segments(line)) {
            const auto& segment = document.at<schemas::Segment>(id);
            if (is_persons_work(schemas::frame_state_of(segment.state)))
                labelled += schemas::shared_frames(segment.span(), item.span);
        }
    }
    return 2 * labelled > item.span.length();
}

const schemas::Proposal* proposal_for(const ModelOutput& output, const schemas::QueueItem& item,
                                      schemas::TrackId track) {
    const auto found = output.proposals.find(item.clip);
    if (found == output.proposals.end()) return nullptr;
    const schemas::Proposal* best = nullptr;
    schemas::FrameIndex most = 0;
    for (const schemas::Proposal& proposal : found->second) {
        if (proposal.track != track || (item.performer && proposal.performer != item.performer)) continue;
        const schemas::FrameIndex shared = schemas::shared_frames(proposal.span(), item.span);
        if (shared > most) most = shared, best = &proposal;
    }
    return best;
}

const std::vector<schemas::LabelScore>& top_for(const ModelOutput& output, const schemas::QueueItem& item,
                                                schemas::TrackId track) {
    const schemas::Proposal* proposal = proposal_for(output, item, track);
    return proposal != nullptr && !proposal->top.empty() ? proposal->top : item.top;
}

std::optional<schemas::TrackId> track_of_queue(const Document& document, const ModelOutput& output) {
    if (output.queue_track && document.find<schemas::Track>(*output.queue_track) != nullptr) return output.queue_track;
    for (const schemas::QueueItem& item : output.queue)
        for (const schemas::LabelScore& entry : item.top)
            if (const auto* label = document.find<schemas::Label>(entry.label)) return label->track;
    const schemas::Track* track = track_of_kind(document, schemas::TrackKind::category);
    return track == nullptr ? std::nullopt : std::optional(track->id);
}

std::optional<std::size_t> next_open_item(const Document& document, const ModelOutput& output, std::size_t from) {
    const auto track = track_of_queue(document, output);
    const std::size_t count = output.queue.size();
    for (std::size_t i = 0; track && i < count; ++i) {
        const std::size_t index = (from + i) % count;
        const schemas::QueueItem& item = output.queue[index];
        if (document.find<schemas::Clip>(item.clip) != nullptr && !is_answered(document, item, *track)) return index;
    }
    return std::nullopt;
}

}  // namespace annotator
