#include "annotator/views/clip_rows.h"

#include <algorithm>
#include <set>

#include "annotator/views/text_search.h"

namespace annotator {

namespace {

using schemas::FrameIndex;
using schemas::Segment;

// As in frame_states(): what is more settled wins.
int settledness(FrameState state) {
    constexpr std::array<int, 8> by_state{0, 1, 4, 5, 3, 2, 7, 6};
    return by_state[static_cast<std::size_t>(state)];
}

struct Parts {
    explicit Parts(const schemas::Clip& shown) : clip(shown) { states.fill(FrameState::unlabelled); }

    [[nodiscard]] FrameIndex middle(std::size_t part) const {
        const FrameIndex frames = clip.span().length();
        return clip.begin_frame + (2 * static_cast<FrameIndex>(part) + 1) * frames / (2 * FrameIndex{state_parts});
    }
    // The first part whose middle is not before the frame.
    [[nodiscard]] std::size_t first_from(FrameIndex frame) const {
        std::size_t part = 0, end = state_parts;
        while (part < end) {
            const std::size_t half = (part + end) / 2;
            middle(half) < frame ? part = half + 1 : end = half;
        }
        return part;
    }
    void paint(schemas::FrameSpan span, FrameState state) {
        for (std::size_t part = first_from(span.begin); part < state_parts && middle(part) < span.end; ++part)
            if (settledness(state) > settledness(states[part])) states[part] = state;
    }

    const schemas::Clip& clip;
    StateBar states{};
};

constexpr std::size_t few = 4 * state_parts;

void paint_line(const Document& document, std::span<const schemas::SegmentId> line, Parts& parts) {
    const auto segment = [&](schemas::SegmentId id) -> const Segment& { return document.at<Segment>(id); };
    if (line.size() <= few) {
        for (const schemas::SegmentId id : line)
            parts.paint(segment(id).span(), schemas::frame_state_of(segment(id).state));
        return;
    }
    for (std::size_t part = 0; part < state_parts; ++part) {
        const auto after = std::ranges::upper_bound(line, parts.middle(part), {},
                                                    [&](schemas::SegmentId id) { return segment(id).begin_frame; });
        if (after == line.begin()) continue;
        const Segment& found = segment(*std::prev(after));
        const FrameState state = schemas::frame_state_of(found.state);
        if (found.span().contains(parts.middle(part)) && settledness(state) > settledness(parts.states[part]))
            parts.states[part] = state;
    }
}

bool counts(const Document& document, const Line& line, schemas::TrackId track) {
    return line.track == track && document.at<schemas::Layer>(line.layer).kind != schemas::LayerKind::truth;
}

bool has_category(const Document& document, schemas::ClipId clip, schemas::LabelId label) {
    const schemas::TrackId track = document.at<schemas::Label>(label).track;
    for (const Line& line : document.lines(clip)) {
        if (!counts(document, line, track)) continue;
        const auto segments = document.segments(line);
        if (std::ranges::any_of(segments, [&](auto id) { return document.at<Segment>(id).label == label; }))
            return true;
    }
    return false;
}

// What is asked of each clip, with what has to be looked up only once.
class Test {
public:
    Test(const ClipRowsFrom& from, const ClipFilter& filter) : from_(from), filter_(filter) {
        if (!filter.performer) return;
        for (const auto& [id, stream] : from.document.rows<schemas::Stream>())
            if (stream.performer == filter.performer) takes_.insert(stream.take);
    }

    [[nodiscard]] bool passes(const schemas::Clip& clip) const {
        if (!has_text(clip.name, filter_.text)) return false;
        if (filter_.problems == ClipFilter::Problems::only && !from_.problems.contains(clip.take)) return false;
        if (filter_.performer && !takes_.contains(clip.take)) return false;
        if (filter_.category && !has_category(from_.document, clip.id, *filter_.category)) return false;
        return !filter_.state || has_state(clip);
    }

private:
    [[nodiscard]] bool has_state(const schemas::Clip& clip) const {
        if (!from_.track) return *filter_.state == FrameState::unlabelled;
        static const std::vector<schemas::Proposal> none;
        const auto proposals = from_.proposals.find(clip.id);
        const StateBar bar = state_bar(from_.document, clip, *from_.track,
                                       proposals == from_.proposals.end() ? none : proposals->second);
        return std::ranges::count(bar, *filter_.state) > 0;
    }

    const ClipRowsFrom& from_;
    const ClipFilter& filter_;
    std::set<schemas::TakeId> takes_;  // of the performer
};

}  // namespace

StateBar state_bar(const Document& document, const schemas::Clip& clip, schemas::TrackId track,
                   const std::vector<schemas::Proposal>& proposals_of_clip) {
    Parts parts(clip);
    for (const schemas::Proposal& proposal : proposals_of_clip)
        if (proposal.track == track) parts.paint(proposal.span(), FrameState::proposed);
    for (const Line& line : document.lines(clip.id))
        if (counts(document, line, track)) paint_line(document, document.segments(line), parts);
    return parts.states;
}

std::vector<ClipRow> clip_rows(const ClipRowsFrom& from, const ClipFilter& filter) {
    const Test test(from, filter);
    std::vector<ClipRow> rows;
    for (const schemas::Clip* clip : clips_by_name(from.document))
        if (test.passes(*clip)) rows.push_back({clip->id, clip->name, from.problems.contains(clip->take)});
    return rows;
}

const schemas::Label* category_of(const Document& document, const schemas::Clip& clip, schemas::TrackId track) {
    const Segment* best = nullptr;
    const auto weight = [](const Segment& segment) {
        return std::pair(settledness(schemas::frame_state_of(segment.state)), segment.span().length());
    };
    for (const Line& line : document.lines(clip.id)) {
        if (!counts(document, line, track)) continue;
        for (const schemas::SegmentId id : document.segments(line).first(std::min(document.segments(line).size(), few)))
            if (const Segment& segment = document.at<Segment>(id); best == nullptr || weight(segment) > weight(*best))
                best = &segment;
    }
    return best == nullptr ? nullptr : document.find<schemas::Label>(best->label);
}

}  // namespace annotator
