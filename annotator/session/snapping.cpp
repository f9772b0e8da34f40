#include "annotator/session/snapping.h"

#include <algorithm>
#include <cmath>

#include "annotator/session/label_lines.h"
#include "schemas/alignment.h"

namespace annotator {

namespace {

using schemas::FrameIndex;

constexpr FrameIndex minima_apart = 6;
constexpr FrameIndex peaks_apart = 4;
constexpr float least_peak = 0.3F;
constexpr float least_fall = 0.02F;  // of a minimum below what is around it

// Places whose value is the best within `apart` on both sides; of equal ones the first.
template <class Better>
std::vector<FrameIndex> extremes(std::span<const float> values, FrameIndex begin, FrameIndex apart, Better better) {
    std::vector<FrameIndex> found;
    const auto count = static_cast<FrameIndex>(values.size());
    for (FrameIndex i = 0; i < count; ++i) {
        const float own = values[static_cast<std::size_t>(i)];
        bool best = true;
        for (FrameIndex j = std::max<FrameIndex>(0, i - apart); best && j <= std::min(count - 1, i + apart); ++j) {
            const float other = values[static_cast<std::size_t>(j)];
            best = j == i || (j < i ? better(own, other) : !better(other, own));
        }
        if (best) found.push_back(begin + i);
    }
    return found;
}

// Looks at no more of the curve than what can matter to `near`.
template <class Find>
std::vector<FrameIndex> near_extremes(const std::vector<float>& curve, const ClipMedia& media, schemas::FrameSpan near,
                                      Find find, FrameIndex apart) {
    const auto count = static_cast<FrameIndex>(curve.size());
    const FrameIndex first = std::clamp<FrameIndex>(near.begin - media.span.begin - 2 * apart, 0, count);
    const FrameIndex last = std::clamp<FrameIndex>(near.end - media.span.begin + 2 * apart + 1, first, count);
    return find(std::span(curve).subspan(static_cast<std::size_t>(first), static_cast<std::size_t>(last - first)),
                media.span.begin + first, apart);
}

std::vector<FrameIndex> beats_near(const ClipMedia& media, schemas::FrameSpan near) {
    std::vector<FrameIndex> frames;
    if (!media.sound || media.times.frames() == 0) return frames;
    const auto time_of = [&](FrameIndex frame) {
        return media.times
            .seconds[static_cast<std::size_t>(std::clamp<FrameIndex>(frame, 0, media.times.frames() - 1))];
    };
    const auto& beats = media.sound->beats;
    for (auto at = std::ranges::lower_bound(beats, time_of(near.begin - 1));
         at != beats.end() && *at <= time_of(near.end + 1); ++at)
        frames.push_back(schemas::nearest_frame(media.times, *at));
    return frames;
}

}  // namespace

std::string_view word_of(SnapKind kind) {
    switch (kind) {
        case SnapKind::playhead:
            return "playhead";
        case SnapKind::mark:
            return "mark";
        case SnapKind::boundary:
            return "boundary";
        case SnapKind::model_boundary:
            return "model";
        case SnapKind::beat:
            return "beat";
        case SnapKind::motion_minimum:
            return "still";
    }
    return "";
}

std::vector<FrameIndex> motion_minima(std::span<const float> energy, FrameIndex begin, FrameIndex apart) {
    std::vector<FrameIndex> found = extremes(energy, begin, apart, std::less<>());
    std::erase_if(found, [&](FrameIndex frame) {
        const auto count = static_cast<FrameIndex>(energy.size());
        const FrameIndex i = frame - begin;
        if (i == 0 || i + 1 == count) return true;
        const float before = energy[static_cast<std::size_t>(std::max<FrameIndex>(0, i - apart))];
        const float after = energy[static_cast<std::size_t>(std::min(count - 1, i + apart))];
        return std::min(before, after) < energy[static_cast<std::size_t>(i)] + least_fall;
    });
    return found;
}

std::vector<FrameIndex> probability_peaks(std::span<const float> probability, FrameIndex begin, FrameIndex apart) {
    std::vector<FrameIndex> found = extremes(probability, begin, apart, std::greater<>());
    std::erase_if(found,
                  [&](FrameIndex frame) { return probability[static_cast<std::size_t>(frame - begin)] < least_peak; });
    return found;
}

std::vector<SnapTarget> snap_targets(const EditorModel& model, const std::set<schemas::SegmentId>& moving,
                                     schemas::FrameSpan near) {
    std::vector<SnapTarget> targets;
    const schemas::Clip* clip = model.clip();
    if (clip == nullptr) return targets;
    const auto add = [&](FrameIndex frame, SnapKind kind) {
        if (near.begin <= frame && frame <= near.end) targets.push_back({frame, kind});
    };
    add(model.frame, SnapKind::playhead);
    for (const auto& mark : {model.state.mark_in, model.state.mark_out})
        if (mark) add(*mark, SnapKind::mark);
    const Document& document = model.document();
    for (const Line& line : document.lines(clip->id)) {
        if (document.at<schemas::Layer>(line.layer).kind == schemas::LayerKind::truth) continue;
        const auto ids = document.segments(line);
        for (std::size_t i = first_ending_after(document, line, near.begin - 1); i < ids.size(); ++i) {
            const auto& segment = document.at<schemas::Segment>(ids[i]);
            if (segment.begin_frame > near.end) break;
            if (moving.contains(ids[i])) continue;
            add(segment.begin_frame, SnapKind::boundary);
            add(segment.end_frame, SnapKind::boundary);
        }
    }
    for (const schemas::Proposal& proposal : model.proposals()) {
        add(proposal.begin_frame, SnapKind::model_boundary);
        add(proposal.end_frame, SnapKind::model_boundary);
    }
    if (const ClipMedia* media = model.media.get(); media != nullptr && media->clip == clip->id) {
        for (const FrameIndex frame :
             near_extremes(media->boundary_probability, *media, near, probability_peaks, peaks_apart))
            add(frame, SnapKind::model_boundary);
        for (const FrameIndex frame : near_extremes(media->motion_energy, *media, near, motion_minima, minima_apart))
            add(frame, SnapKind::motion_minimum);
        for (const FrameIndex frame : beats_near(*media, near)) add(frame, SnapKind::beat);
    }
    std::ranges::sort(targets, {}, [](const SnapTarget& target) { return std::pair(target.frame, target.kind); });
    targets.erase(std::unique(targets.begin(), targets.end()), targets.end());
    return targets;
}

FrameIndex snap_reach(double frames) { return std::llround(std::max(0.0, frames)); }

Snapped snapped(FrameIndex wanted, double within, std::span<const SnapTarget> targets) {
    const FrameIndex reach = snap_reach(within);
    const auto first = std::ranges::lower_bound(targets, wanted - reach, {}, &SnapTarget::frame);
    const SnapTarget* best = nullptr;
    const auto rank = [&](const SnapTarget& target) { return std::pair(std::abs(target.frame - wanted), target.kind); };
    for (auto at = first; at != targets.end() && at->frame <= wanted + reach; ++at)
        if (best == nullptr || rank(*at) < rank(*best)) best = &*at;
    if (best == nullptr) return {wanted, std::nullopt};
    return {best->frame, best->kind};
}

}  // namespace annotator
