#include "annotator/document/queries.h"

#include <algorithm>
#include <array>
#include <utility>

namespace annotator {

namespace {

using schemas::Clip;
using schemas::FrameIndex;
using schemas::LayerKind;
using schemas::Segment;

// The later one counts where several speak.
constexpr std::array by_settledness{FrameState::unlabelled, FrameState::proposed, FrameState::imported,
                                    FrameState::drawn,      FrameState::accepted, FrameState::corrected,
                                    FrameState::disputed,   FrameState::verified};

std::size_t settledness(FrameState state) {
    return static_cast<std::size_t>(std::ranges::find(by_settledness, state) - by_settledness.begin());
}

int priority(LayerKind kind) {
    switch (kind) {
        case LayerKind::consensus:
            return 0;
        case LayerKind::person:
            return 1;
        case LayerKind::import:
            return 2;
        case LayerKind::truth:
            return 3;
    }
    return 3;
}

std::vector<Line> lines_on(const Document& document, schemas::ClipId clip, schemas::TrackId track) {
    auto lines = document.lines(clip);
    std::erase_if(lines, [&](const Line& line) { return line.track != track; });
    return lines;
}

// Where a piece of a state begins or ends.
struct PieceEdge {
    FrameIndex at = 0;
    std::size_t settledness = 0;
    int opens = 1;  // or closes: -1
};

// Of what lies in the clip.
void add_edges(std::vector<PieceEdge>& edges, const Clip& clip, schemas::FrameSpan span, FrameState state) {
    const FrameIndex begin = std::max(span.begin, clip.begin_frame), end = std::min(span.end, clip.end_frame);
    if (begin >= end) return;
    edges.push_back({begin, settledness(state), 1});
    edges.push_back({end, settledness(state), -1});
}

std::vector<StateRun> runs_between(std::vector<PieceEdge> edges, schemas::FrameSpan span) {
    std::ranges::sort(edges, {}, &PieceEdge::at);
    std::array<int, by_settledness.size()> open{};  // pieces that the frame is in
    open.front() = 1;
    std::vector<StateRun> runs;
    auto next = edges.begin();
    for (FrameIndex from = span.begin; from < span.end;) {
        for (; next != edges.end() && next->at <= from; ++next) open[next->settledness] += next->opens;
        const FrameIndex to = next == edges.end() ? span.end : next->at;
        const auto most_settled =
            std::ranges::find_if(open.rbegin(), open.rend(), [](int pieces) { return pieces > 0; });
        const FrameState state = by_settledness[static_cast<std::size_t>(open.rend() - most_settled) - 1];
        if (!runs.empty() && runs.back().state == state)
            runs.back().span.end = to;
        else
            runs.push_back({{from, to}, state});
        from = to;
    }
    return runs;
}

}  // namespace

bool is_persons_work(FrameState state) {
    return state != FrameState::unlabelled && state != FrameState::proposed && state != FrameState::imported;
}

std::vector<StateRun> frame_states(const Document& document, const Clip& clip, schemas::TrackId track,
                                   const std::vector<schemas::Proposal>& proposals_of_clip) {
    std::vector<PieceEdge> edges;
    for (const schemas::Proposal& proposal : proposals_of_clip)
        if (proposal.track == track) add_edges(edges, clip, proposal.span(), FrameState::proposed);
    for (const Line& line : lines_on(document, clip.id, track)) {
        if (document.at<schemas::Layer>(line.layer).kind == LayerKind::truth) continue;
        document.for_each_segment(line, [&](const Segment& segment) {
            add_edges(edges, clip, segment.span(), schemas::frame_state_of(segment.state));
        });
    }
    return runs_between(std::move(edges), clip.span());
}

std::vector<Segment> labels_of_clip(const Document& document, schemas::ClipId clip, schemas::TrackId track,
                                    std::optional<schemas::LayerId> layer) {
    auto lines = lines_on(document, clip, track);
    const auto kind = [&](const Line& line) { return document.at<schemas::Layer>(line.layer).kind; };
    std::erase_if(lines,
                  [&](const Line& line) { return layer ? line.layer != *layer : kind(line) == LayerKind::truth; });
    std::ranges::stable_sort(lines, {}, [&](const Line& line) { return priority(kind(line)); });
    std::vector<Segment> chosen;
    for (const Line& line : lines) {
        const std::size_t settled = chosen.size();  // of layers that come first
        for (const schemas::SegmentId id : document.segments(line)) {
            const auto& segment = document.at<Segment>(id);
            const auto speaks_already = [&](const Segment& other) {
                return other.performer == segment.performer && other.layer != segment.layer &&
                       schemas::overlap(other.span(), segment.span());
            };
            if (std::none_of(chosen.begin(), chosen.begin() + static_cast<std::ptrdiff_t>(settled), speaks_already))
                chosen.push_back(segment);
        }
    }
    std::ranges::sort(chosen, {}, [](const Segment& s) { return std::tuple(s.performer, s.begin_frame, s.id); });
    return chosen;
}

LabelledPart labelled_part(const Document& document, const Clip& clip, schemas::TrackId track) {
    LabelledPart part;
    part.frames = clip.span().length();
    for (const StateRun& run : frame_states(document, clip, track, {}))
        if (is_persons_work(run.state)) part.by_person += run.span.length();
    for (const Line& line : lines_on(document, clip.id, track))
        document.for_each_segment(
            line, [&](const Segment& segment) { part.in_pieces = part.in_pieces || segment.span() != clip.span(); });
    return part;
}

double labelled_share(const Document& document, schemas::TrackId track, LabelUnit unit) {
    double labelled = 0;
    double total = 0;
    for (const auto& [id, clip] : document.rows<Clip>()) {
        const LabelledPart part = labelled_part(document, clip, track);
        labelled += unit == LabelUnit::clip ? (part.is_whole() ? 1.0 : 0.0) : static_cast<double>(part.by_person);
        total += unit == LabelUnit::clip ? 1.0 : static_cast<double>(part.frames);
    }
    return total > 0 ? labelled / total : 0;
}

LabelUnit unit_of(const Document& document, schemas::TrackId track) {
    for (const auto& [id, segment] : document.rows<Segment>()) {
        if (segment.track != track) continue;
        const Clip* clip = document.find<Clip>(segment.clip);
        if (clip != nullptr && clip->span() != segment.span()) return LabelUnit::frame;
    }
    return LabelUnit::clip;
}

std::set<schemas::PerformerId> performers_of(const Document& document, schemas::TakeId take) {
    std::set<schemas::PerformerId> performers;
    for (const schemas::StreamId id : document.streams(take))
        if (const auto& stream = document.at<schemas::Stream>(id); stream.performer)
            performers.insert(*stream.performer);
    return performers;
}

bool holds_key_points(const schemas::Stream& stream) {
    return stream.kind == schemas::StreamKind::skeleton &&
           (stream.format.ends_with("-keypoints") || stream.format.ends_with("-screen"));
}

const schemas::Stream* reference_stream(const Document& document, schemas::TakeId take) {
    for (const schemas::StreamId id : document.streams(take))
        if (const auto& stream = document.at<schemas::Stream>(id); stream.role == schemas::StreamRole::reference)
            return &stream;
    return nullptr;
}

std::vector<const Clip*> clips_by_name(const Document& document) {
    std::vector<const Clip*> clips;
    for (const auto& [id, clip] : document.rows<Clip>()) clips.push_back(&clip);
    std::ranges::sort(clips, {}, [](const Clip* clip) { return clip->name; });
    return clips;
}

std::vector<std::pair<std::string, std::string>> groups_of(const Document& document, const Clip& clip) {
    std::vector<std::pair<std::string, std::string>> groups;
    for (const schemas::PerformerId id : performers_of(document, clip.take))
        groups.emplace_back("performer", document.at<schemas::Performer>(id).name);
    const auto& take = document.at<schemas::Take>(clip.take);
    groups.emplace_back("take", take.name);
    const std::pair<const char*, const std::optional<std::string>&> others[] = {
        {"choreography", take.choreography}, {"music", take.music}, {"view", take.view}, {"setup", take.setup}};
    for (const auto& [key, value] : others)
        if (value) groups.emplace_back(key, *value);
    std::ranges::sort(groups);
    return groups;
}

std::string performer_group(const Document& document, const Clip& clip) {
    std::string joined;
    for (const auto& [key, value] : groups_of(document, clip))
        if (key == "performer") joined += (joined.empty() ? "" : "+") + value;
    return joined.empty() ? document.at<schemas::Take>(clip.take).name : joined;
}

}  // namespace annotator
