#include "annotator/document/queries.h"

#include <algorithm>

namespace annotator {

namespace {

using schemas::Clip;
using schemas::FrameIndex;
using schemas::LayerKind;
using schemas::Segment;

int settledness(FrameState state) {
    switch (state) {
        case FrameState::unlabelled:
            return 0;
        case FrameState::proposed:
            return 1;
        case FrameState::imported:
            return 2;
        case FrameState::drawn:
            return 3;
        case FrameState::accepted:
            return 4;
        case FrameState::corrected:
            return 5;
        case FrameState::disputed:
            return 6;
        case FrameState::verified:
            return 7;
    }
    return 0;
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

struct Painted {
    schemas::FrameSpan span;
    FrameState state;
};

}  // namespace

bool is_persons_work(FrameState state) {
    return state != FrameState::unlabelled && state != FrameState::proposed && state != FrameState::imported;
}

std::vector<StateRun> frame_states(const Document& document, const Clip& clip, schemas::TrackId track,
                                   const std::vector<schemas::Proposal>& proposals_of_clip) {
    std::vector<Painted> painted;
    for (const schemas::Proposal& proposal : proposals_of_clip)
        if (proposal.track == track) painted.push_back({proposal.span(), FrameState::proposed});
    for (const Line& line : lines_on(document, clip.id, track)) {
        if (document.at<schemas::Layer>(line.layer).kind == LayerKind::truth) continue;
        for (const schemas::SegmentId id : document.segments(line)) {
            const auto& segment = document.at<Segment>(id);
            painted.push_back({segment.span(), schemas::frame_state_of(segment.state)});
        }
    }
    std::set<FrameIndex> cuts{clip.begin_frame, clip.end_frame};
    for (const Painted& piece : painted)
        for (const FrameIndex frame : {piece.span.begin, piece.span.end})
            if (clip.begin_frame < frame && frame < clip.end_frame) cuts.insert(frame);
    std::vector<StateRun> runs;
    for (auto cut = cuts.begin(); std::next(cut) != cuts.end(); ++cut) {
        StateRun run{{*cut, *std::next(cut)}, FrameState::unlabelled};
        for (const Painted& piece : painted)
            if (schemas::overlap(piece.span, run.span) && settledness(piece.state) > settledness(run.state))
                run.state = piece.state;
        if (!runs.empty() && runs.back().state == run.state)
            runs.back().span.end = run.span.end;
        else
            runs.push_back(run);
    }
    return runs;
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

double labelled_share(const Document& document, schemas::TrackId track, LabelUnit unit) {
    double labelled = 0;
    double total = 0;
    for (const auto& [id, clip] : document.rows<Clip>()) {
        FrameIndex by_person = 0;
        for (const StateRun& run : frame_states(document, clip, track, {}))
            if (is_persons_work(run.state)) by_person += run.span.length();
        const FrameIndex frames = clip.span().length();
        labelled += unit == LabelUnit::clip ? (by_person == frames ? 1.0 : 0.0) : static_cast<double>(by_person);
        total += unit == LabelUnit::clip ? 1.0 : static_cast<double>(frames);
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
