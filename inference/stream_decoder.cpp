#include "inference/stream_decoder.h"

#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <string>

namespace inference {

namespace {

using schemas::FrameIndex;
using schemas::FrameSpan;

bool is_share(float value) { return value >= 0 && value <= 1; }

[[noreturn]] void refuse_frame(FrameIndex frame, const std::string& what, float value) {
    throw std::invalid_argument("frame " + std::to_string(frame) + ": expected " + what + ", found " +
                                std::to_string(value));
}

// Frames at which the curve is no lower than around it; a flat top counts at its middle.
std::vector<BoundaryProposal> tops(std::span<const float> curve, FrameIndex first, double threshold) {
    std::vector<BoundaryProposal> found;
    for (std::size_t i = 0; i < curve.size();) {
        std::size_t end = i + 1;
        while (end < curve.size() && curve[end] == curve[i]) ++end;
        const bool rises = i == 0 || curve[i - 1] < curve[i];
        const bool falls = end == curve.size() || curve[end] < curve[i];
        if (rises && falls && static_cast<double>(curve[i]) >= threshold)
            found.push_back({first + static_cast<FrameIndex>((i + end - 1) / 2), static_cast<double>(curve[i])});
        i = end;
    }
    return found;
}

std::vector<BoundaryProposal> without_hidden(std::vector<BoundaryProposal> peaks, FrameIndex reach) {
    std::ranges::stable_sort(peaks, std::greater{}, &BoundaryProposal::score);
    std::vector<BoundaryProposal> kept;
    for (const BoundaryProposal& peak : peaks)
        if (std::ranges::none_of(
                kept, [&](const BoundaryProposal& higher) { return std::abs(higher.frame - peak.frame) <= reach; }))
            kept.push_back(peak);
    std::ranges::sort(kept, {}, &BoundaryProposal::frame);
    return kept;
}

// The choice of the largest sum in which neighbours are at least `shortest` apart, of equal ones that of the earlier
// peaks.
std::vector<BoundaryProposal> best_apart(const std::vector<BoundaryProposal>& peaks, FrameIndex shortest) {
    std::vector<double> best(peaks.size() + 1, 0);  // of the first so many peaks
    std::vector<std::size_t> before(peaks.size(), 0);
    std::vector<bool> taken(peaks.size());
    for (std::size_t i = 0; i < peaks.size(); ++i) {
        std::size_t free = i;  // so many come early enough
        while (free > 0 && peaks[i].frame - peaks[free - 1].frame < shortest) --free;
        before[i] = free;
        taken[i] = best[free] + peaks[i].score > best[i];
        best[i + 1] = taken[i] ? best[free] + peaks[i].score : best[i];
    }
    std::vector<BoundaryProposal> chosen;
    for (std::size_t i = peaks.size(); i-- > 0;) {
        if (!taken[i]) continue;
        chosen.push_back(peaks[i]);
        i = before[i];  // the loop's own step leads to the last of those
    }
    std::ranges::reverse(chosen);
    return chosen;
}

void require_order(const std::vector<StreamSegment>& segments) {
    for (std::size_t i = 0; i < segments.size(); ++i) {
        const FrameSpan span = segments[i].span;
        if (!schemas::is_valid(span) || (i > 0 && span.begin < segments[i - 1].span.end))
            throw std::invalid_argument("segment [" + std::to_string(span.begin) + ", " + std::to_string(span.end) +
                                        ") is out of order; segments must ascend and not overlap");
    }
}

void check(const StreamRules& rules) {
    if (rules.labels < 1) throw std::invalid_argument("a stream needs at least one label");
    if (!(rules.frames_per_second > 0 && rules.frames_per_second < 1e6))
        throw std::invalid_argument("a stream needs a positive frame rate");
    if (rules.grammar != nullptr && rules.grammar->labels != rules.labels)
        throw std::invalid_argument("the grammar knows " + std::to_string(rules.grammar->labels) + " labels, not " +
                                    std::to_string(rules.labels));
}

// False when stopped.
bool ask(std::vector<StreamSegment>& segments, const SegmentScores& scores, std::size_t labels) {
    std::vector<FrameSpan> spans;
    std::vector<StreamSegment*> asked;
    for (StreamSegment& segment : segments)
        if (!segment.known && segment.said.empty()) spans.push_back(segment.span), asked.push_back(&segment);
    if (spans.empty()) return true;
    const auto said = scores(spans);
    if (!said) return false;
    if (said->size() != spans.size() * labels)
        throw std::invalid_argument("expected the probabilities of " + std::to_string(labels) + " labels for " +
                                    std::to_string(spans.size()) + " segments, found " + std::to_string(said->size()));
    for (std::size_t i = 0; i < asked.size(); ++i) {
        const auto row = said->begin() + static_cast<std::ptrdiff_t>(i * labels);
        asked[i]->said.assign(row, row + static_cast<std::ptrdiff_t>(labels));
    }
    return true;
}

// A known label is the only possible one.
std::vector<float> row_of(const StreamSegment& segment, std::size_t labels) {
    if (!segment.known) {
        if (segment.said.size() != labels)
            throw std::invalid_argument("segment [" + std::to_string(segment.span.begin) + ", " +
                                        std::to_string(segment.span.end) + "): expected " + std::to_string(labels) +
                                        " probabilities, found " + std::to_string(segment.said.size()));
        return segment.said;
    }
    if (*segment.known < 0 || *segment.known >= static_cast<int>(labels))
        throw std::invalid_argument("there is no label " + std::to_string(*segment.known) + " among " +
                                    std::to_string(labels));
    std::vector<float> row(labels, 0.0F);
    row[static_cast<std::size_t>(*segment.known)] = 1;
    return row;
}

// Ranks the labels of segments that touch each other.
void rank(std::span<StreamSegment> chain, const StreamRules& rules) {
    const auto labels = static_cast<std::size_t>(rules.labels);
    std::vector<float> rows;
    std::vector<double> seconds;
    for (const StreamSegment& segment : chain) {
        const std::vector<float> row = row_of(segment, labels);
        rows.insert(rows.end(), row.begin(), row.end());
        seconds.push_back(static_cast<double>(segment.span.length()) / rules.frames_per_second);
    }
    std::vector<int> path;
    if (rules.grammar != nullptr) {
        const LabelChain links{rows, seconds, chain.front().span.begin == rules.stream.begin,
                               chain.back().span.end == rules.stream.end};
        LabelPath likeliest = likeliest_labels(links, *rules.grammar, rules.grammar_weight);
        path = std::move(likeliest.labels);
        rows = std::move(likeliest.probabilities);
    }
    for (std::size_t i = 0; i < chain.size(); ++i) {
        chain[i].top = ranked_labels(std::span(rows).subspan(i * labels, labels));
        // Of paths that are equally likely one was chosen.
        if (!path.empty())
            std::ranges::stable_partition(chain[i].top,
                                          [&](const RankedLabel& entry) { return entry.label == path[i]; });
    }
}

std::vector<StreamSegment> joined_where_weak(std::vector<StreamSegment> segments, double keep_from) {
    constexpr std::ptrdiff_t nobodys = -1;
    std::vector<StreamSegment> joined;
    std::ptrdiff_t before = nobodys;  // the best label of the last one
    for (StreamSegment& segment : segments) {
        const std::ptrdiff_t best =
            segment.known ? nobodys : std::ranges::max_element(segment.said) - segment.said.begin();
        const bool joins = best != nobodys && best == before && segment.boundary_score < keep_from &&
                           joined.back().span.end == segment.span.begin;
        before = best;
        if (joins) {
            joined.back().span.end = segment.span.end;
            joined.back().said.clear();
        } else {
            joined.push_back(std::move(segment));
        }
    }
    return joined;
}

}  // namespace

void require_sound(const FrameScores& scores) {
    const auto frames = static_cast<std::size_t>(std::max<FrameIndex>(0, scores.span.length()));
    const auto labels = static_cast<std::size_t>(std::max(0, scores.labels));
    if (!schemas::is_valid(scores.span) || labels == 0 || scores.probabilities.size() != frames * labels ||
        scores.starts.size() != frames || scores.ends.size() != frames)
        throw std::invalid_argument(
            "expected " + std::to_string(labels) + " probabilities, a start and an end for " + std::to_string(frames) +
            " frames, found " + std::to_string(scores.probabilities.size()) + ", " +
            std::to_string(scores.starts.size()) + " and " + std::to_string(scores.ends.size()));
    for (std::size_t frame = 0; frame < frames; ++frame) {
        const FrameIndex index = scores.span.begin + static_cast<FrameIndex>(frame);
        float sum = 0;
        for (const float p : std::span(scores.probabilities).subspan(frame * labels, labels)) {
            if (!is_share(p)) refuse_frame(index, "probabilities from 0 to 1", p);
            sum += p;
        }
        if (std::abs(sum - 1) > 0.01F) refuse_frame(index, "probabilities that sum to 1", sum);
        for (const float p : {scores.starts[frame], scores.ends[frame]})
            if (!is_share(p)) refuse_frame(index, "boundaries from 0 to 1", p);
    }
}

std::vector<float> merged_boundaries(const FrameScores& scores) {
    require_sound(scores);
    std::vector<float> merged = scores.starts;
    for (std::size_t frame = 1; frame < merged.size(); ++frame)
        merged[frame] = std::max(merged[frame], scores.ends[frame - 1]);
    return merged;
}

std::vector<BoundaryProposal> boundary_peaks(std::span<const float> curve, FrameSpan whole,
                                             const PeakOptions& options) {
    if (!schemas::is_valid(whole) || curve.size() != static_cast<std::size_t>(whole.length()))
        throw std::invalid_argument("expected a boundary score for each of " + std::to_string(whole.length()) +
                                    " frames, found " + std::to_string(curve.size()));
    if (!(options.threshold > 0 && options.threshold <= 1) || options.suppress < 0 || options.shortest < 1)
        throw std::invalid_argument(
            "a boundary's threshold must be above 0 and at most 1, its reach 0 or more, a segment at least 1 frame");
    for (std::size_t i = 0; i < curve.size(); ++i)
        if (!is_share(curve[i]))
            refuse_frame(whole.begin + static_cast<FrameIndex>(i), "boundaries from 0 to 1", curve[i]);
    std::vector<BoundaryProposal> peaks = without_hidden(tops(curve, whole.begin, options.threshold), options.suppress);
    std::erase_if(peaks, [&](const BoundaryProposal& peak) {
        return peak.frame - whole.begin < options.shortest || whole.end - peak.frame < options.shortest;
    });
    return best_apart(peaks, options.shortest);
}

SegmentScores classified_by(Model& model, std::shared_ptr<const schemas::SkeletonSequence> skeleton,
                            std::stop_token stop) {
    return [&model, skeleton = std::move(skeleton),
            stop = std::move(stop)](std::span<const FrameSpan> spans) -> std::optional<std::vector<float>> {
        std::vector<Sample> samples;
        for (const FrameSpan span : spans) samples.push_back({skeleton, span});
        auto prediction = model.predict(samples, Hardness::skip, stop);
        if (!prediction) return std::nullopt;
        return std::move(prediction->probabilities);
    };
}

SegmentScores mean_of_frames(const FrameScores& scores) {
    require_sound(scores);
    return [&scores](std::span<const FrameSpan> spans) -> std::optional<std::vector<float>> {
        const auto labels = static_cast<std::size_t>(scores.labels);
        std::vector<float> rows(spans.size() * labels, 0.0F);
        for (std::size_t i = 0; i < spans.size(); ++i) {
            if (!schemas::is_valid(spans[i]) || spans[i].begin < scores.span.begin || spans[i].end > scores.span.end)
                throw std::invalid_argument("segment [" + std::to_string(spans[i].begin) + ", " +
                                            std::to_string(spans[i].end) +
                                            ") is not of the frames that were looked at");
            const auto length = static_cast<float>(spans[i].length());
            for (FrameIndex frame = spans[i].begin; frame < spans[i].end; ++frame)
                for (std::size_t label = 0; label < labels; ++label)
                    rows[i * labels + label] +=
                        scores.probabilities[static_cast<std::size_t>(frame - scores.span.begin) * labels + label] /
                        length;
        }
        return rows;
    };
}

std::optional<std::vector<StreamSegment>> labelled_segments(std::vector<StreamSegment> segments,
                                                            const SegmentScores& scores, const StreamRules& rules) {
    check(rules);
    require_order(segments);
    if (!ask(segments, scores, static_cast<std::size_t>(rules.labels))) return std::nullopt;
    for (std::size_t begin = 0; begin < segments.size();) {
        std::size_t end = begin + 1;
        while (end < segments.size() && segments[end].span.begin == segments[end - 1].span.end) ++end;
        rank(std::span(segments).subspan(begin, end - begin), rules);
        begin = end;
    }
    return segments;
}

std::optional<std::vector<StreamSegment>> joined_segments(std::vector<StreamSegment> segments,
                                                          const SegmentScores& scores, const StreamRules& rules,
                                                          double keep_from) {
    check(rules);
    require_order(segments);
    if (!ask(segments, scores, static_cast<std::size_t>(rules.labels))) return std::nullopt;
    return labelled_segments(joined_where_weak(std::move(segments), keep_from), scores, rules);
}

std::optional<std::vector<StreamSegment>> decoded_stream(FrameSpan whole, std::span<const BoundaryProposal> boundaries,
                                                         const SegmentScores& scores, const StreamRules& rules,
                                                         double keep_from) {
    std::vector<StreamSegment> segments;
    for (const SegmentProposal& each : segments_between(whole, boundaries))
        segments.push_back({each.span, each.boundary_score, {}, {}, {}});
    return joined_segments(std::move(segments), scores, rules, keep_from);
}

}  // namespace inference
