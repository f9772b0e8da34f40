#include "annotator/session/label_lines.h"

#include <algorithm>
#include <set>

#include "annotator/document/queries.h"

namespace annotator {

namespace {

using schemas::FrameIndex;
using schemas::Proposal;
using schemas::Segment;

std::vector<const schemas::Track*> tracks_by_position(const Document& document) {
    std::vector<const schemas::Track*> tracks;
    for (const auto& [id, track] : document.rows<schemas::Track>()) tracks.push_back(&track);
    std::ranges::sort(tracks, {}, [](const schemas::Track* track) { return std::pair(track->position, track->id); });
    return tracks;
}

auto place_of(const Proposal& proposal) { return std::pair(proposal.track, proposal.performer); }

std::set<schemas::ProposalId> rejected_on(const Document& document, const Line& line) {
    std::set<schemas::ProposalId> rejected;
    for (const auto& [id, rejection] : document.rows<schemas::Rejection>())
        if (rejection.clip == line.clip && rejection.track == line.track) rejected.insert(rejection.proposal);
    return rejected;
}

}  // namespace

std::optional<schemas::LayerId> own_layer(const Document& document, const std::string& author) {
    std::optional<schemas::LayerId> numbered;
    for (const auto& [id, layer] : document.rows<schemas::Layer>()) {
        if (layer.kind != schemas::LayerKind::person) continue;
        if (layer.name == author) return id;
        if (layer.author == author && layer.name.starts_with(author + " ")) numbered = id;
    }
    return numbered;
}

std::vector<schemas::PerformerId> performers_by_name(const Document& document, schemas::TakeId take) {
    const auto known = performers_of(document, take);
    std::vector<schemas::PerformerId> performers(known.begin(), known.end());
    std::ranges::stable_sort(performers, {}, [&](schemas::PerformerId id) -> const std::string& {
        return document.at<schemas::Performer>(id).name;
    });
    return performers;
}

std::vector<Line> lines_to_label(const Document& document, schemas::ClipId clip, schemas::LayerId layer) {
    const schemas::Clip* shown = document.find<schemas::Clip>(clip);
    if (shown == nullptr) return {};
    const auto performers = performers_by_name(document, shown->take);
    std::vector<Line> own;
    for (const Line& line : document.lines(clip))
        if (line.layer == layer) own.push_back(line);
    std::vector<Line> lines;
    for (const schemas::Track* track : tracks_by_position(document)) {
        const auto first = lines.size();
        if (track->per_performer && !performers.empty())
            for (const schemas::PerformerId performer : performers)
                lines.push_back({clip, layer, track->id, performer});
        else
            lines.push_back({clip, layer, track->id, std::nullopt});
        for (const Line& line : own)
            if (line.track == track->id &&
                std::find(lines.begin() + static_cast<std::ptrdiff_t>(first), lines.end(), line) == lines.end())
                lines.push_back(line);
    }
    return lines;
}

std::vector<Line> lines_of_others(const Document& document, schemas::ClipId clip, schemas::LayerId own) {
    std::vector<Line> lines = document.lines(clip);
    std::erase_if(lines, [&](const Line& line) {
        return line.layer == own || document.at<schemas::Layer>(line.layer).kind == schemas::LayerKind::truth;
    });
    return lines;
}

std::size_t first_ending_after(const Document& document, const Line& line, FrameIndex frame) {
    const auto ids = document.segments(line);
    const auto ends_before = [&](schemas::SegmentId id) { return document.at<Segment>(id).end_frame <= frame; };
    if (ids.empty()) return 0;
    // Where segments may overlap their ends are in no order.
    const auto found = document.at<schemas::Track>(line.track).exclusive
                           ? std::ranges::partition_point(ids, ends_before)
                           : std::ranges::find_if_not(ids, ends_before);
    return static_cast<std::size_t>(found - ids.begin());
}

const Segment* segment_at(const Document& document, const Line& line, FrameIndex frame) {
    const auto ids = document.segments(line);
    const Segment* found = nullptr;
    for (std::size_t i = first_ending_after(document, line, frame); i < ids.size(); ++i) {
        const auto& segment = document.at<Segment>(ids[i]);
        if (segment.begin_frame > frame) break;
        if (segment.span().contains(frame)) found = &segment;
    }
    return found;
}

bool is_labelled(const Document& document, const Line& line, schemas::FrameSpan span) {
    const auto ids = document.segments(line);
    const std::size_t first = first_ending_after(document, line, span.begin);
    return first < ids.size() && document.at<Segment>(ids[first]).begin_frame < span.end;
}

std::span<const Proposal> proposals_for(const std::vector<Proposal>& of_clip, const Line& line) {
    const auto found = std::ranges::equal_range(of_clip, std::pair(line.track, line.performer), {}, place_of);
    return {found.begin(), found.end()};
}

std::vector<const Proposal*> open_proposals(const Document& document, const std::vector<Proposal>& of_clip,
                                            const Line& line) {
    const auto rejected = rejected_on(document, line);
    std::vector<const Proposal*> open;
    for (const Proposal& proposal : proposals_for(of_clip, line))
        if (!rejected.contains(proposal.id) && !is_labelled(document, line, proposal.span())) open.push_back(&proposal);
    return open;
}

const Proposal* open_proposal_at(const Document& document, const std::vector<Proposal>& of_clip, const Line& line,
                                 FrameIndex frame) {
    for (const Proposal& proposal : proposals_for(of_clip, line))
        if (proposal.span().contains(frame) && !is_labelled(document, line, proposal.span()) &&
            !rejected_on(document, line).contains(proposal.id))
            return &proposal;
    return nullptr;
}

const Proposal* next_open_proposal(const Document& document, const std::vector<Proposal>& of_clip, const Line& line,
                                   FrameIndex frame) {
    const std::vector<const Proposal*> open = open_proposals(document, of_clip, line);
    if (open.empty()) return nullptr;
    const auto after = std::ranges::find_if(open, [&](const Proposal* each) { return each->begin_frame > frame; });
    return after == open.end() ? open.front() : *after;
}

std::vector<FrameIndex> boundaries_of(const Document& document, const std::vector<Proposal>& of_clip,
                                      const Line& line) {
    std::vector<FrameIndex> frames;
    for (const schemas::SegmentId id : document.segments(line)) {
        const auto& segment = document.at<Segment>(id);
        frames.push_back(segment.begin_frame);
        frames.push_back(segment.end_frame);
    }
    for (const Proposal& proposal : proposals_for(of_clip, line))
        if (!is_labelled(document, line, proposal.span())) {
            frames.push_back(proposal.begin_frame);
            frames.push_back(proposal.end_frame);
        }
    std::ranges::sort(frames);
    frames.erase(std::unique(frames.begin(), frames.end()), frames.end());
    return frames;
}

}  // namespace annotator
