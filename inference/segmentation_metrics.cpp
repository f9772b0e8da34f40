#include "inference/segmentation_metrics.h"

#include <algorithm>
#include <cstdlib>
#include <numeric>
#include <stdexcept>
#include <utility>

namespace inference {

namespace {

using schemas::FrameIndex;

double ratio(double part, double whole) { return whole == 0 ? 0 : part / whole; }

void require_same_length(std::span<const int> truth, std::span<const int> predicted) {
    if (truth.size() != predicted.size())
        throw std::invalid_argument("the true and the predicted labels are not of one number of frames");
}

// As the MS-TCN evaluation counts them: the run that reaches the end of the sequence ends
// at its last frame, not after it.
std::vector<LabelledSpan> runs_for_overlap(std::span<const int> frames, std::optional<int> background) {
    std::vector<LabelledSpan> runs = runs_of_labels(frames, background);
    if (!runs.empty() && runs.back().span.end == static_cast<FrameIndex>(frames.size())) --runs.back().span.end;
    return runs;
}

double overlap_over_hull(schemas::FrameSpan a, schemas::FrameSpan b) {
    const auto shared = static_cast<double>(std::min(a.end, b.end) - std::max(a.begin, b.begin));
    return ratio(shared, static_cast<double>(std::max(a.end, b.end) - std::min(a.begin, b.begin)));
}

// The best way to match the first i truths with the first j predictions.
struct Matching {
    std::int64_t pairs = 0;
    FrameIndex distance = 0;

    [[nodiscard]] bool better_than(const Matching& other) const {
        return pairs != other.pairs ? pairs > other.pairs : distance < other.distance;
    }
};

// One row of the table, over the predictions that the row can change.
struct MatchingRow {
    std::size_t first = 0;  // prediction index of step 0
    std::vector<std::uint8_t>
        steps;  // 1: pair this truth with this prediction, 2: leave the prediction, 0: leave the truth
};

enum Step : std::uint8_t { leave_truth = 0, pair = 1, leave_prediction = 2 };

}  // namespace

std::vector<LabelledSpan> runs_of_labels(std::span<const int> frames, std::optional<int> background) {
    std::vector<LabelledSpan> runs;
    for (std::size_t frame = 0; frame < frames.size();) {
        std::size_t end = frame + 1;
        while (end < frames.size() && frames[end] == frames[frame]) ++end;
        if (frames[frame] != unlabelled && frames[frame] != background)
            runs.push_back({{static_cast<FrameIndex>(frame), static_cast<FrameIndex>(end)}, frames[frame]});
        frame = end;
    }
    return runs;
}

Share frame_accuracy(std::span<const int> truth, std::span<const int> predicted, std::optional<int> background) {
    require_same_length(truth, predicted);
    Share share;
    for (std::size_t frame = 0; frame < truth.size(); ++frame) {
        if (truth[frame] == unlabelled || truth[frame] == background) continue;
        ++share.total;
        share.hits += truth[frame] == predicted[frame] ? 1 : 0;
    }
    return share;
}

DetectionCounts& DetectionCounts::operator+=(const DetectionCounts& other) {
    hits += other.hits;
    extra += other.extra;
    missed += other.missed;
    return *this;
}

double DetectionCounts::precision() const {
    return ratio(static_cast<double>(hits), static_cast<double>(hits + extra));
}
double DetectionCounts::recall() const { return ratio(static_cast<double>(hits), static_cast<double>(hits + missed)); }
double DetectionCounts::f1() const {
    return ratio(2 * static_cast<double>(hits), static_cast<double>(2 * hits + extra + missed));
}

DetectionCounts segmental_counts(std::span<const int> truth, std::span<const int> predicted, double overlap,
                                 std::optional<int> background) {
    require_same_length(truth, predicted);
    const std::vector<LabelledSpan> wanted = runs_for_overlap(truth, background);
    const std::vector<LabelledSpan> found = runs_for_overlap(predicted, background);
    std::vector<bool> taken(wanted.size());
    DetectionCounts counts;
    for (const LabelledSpan& run : found) {
        std::size_t best = 0;
        double best_overlap = -1;
        for (std::size_t i = 0; i < wanted.size(); ++i) {
            const double value = wanted[i].label == run.label ? overlap_over_hull(run.span, wanted[i].span) : 0;
            if (value > best_overlap) {
                best = i;
                best_overlap = value;
            }
        }
        const bool hit = !wanted.empty() && best_overlap >= overlap && !taken[best];
        if (hit) taken[best] = true;
        ++(hit ? counts.hits : counts.extra);
    }
    counts.missed = static_cast<std::int64_t>(std::ranges::count(taken, false));
    return counts;
}

double sequence_match(std::span<const int> a, std::span<const int> b) {
    if (a.empty() && b.empty()) return 1;
    std::vector<std::size_t> row(b.size() + 1);
    std::iota(row.begin(), row.end(), std::size_t{0});
    for (std::size_t i = 0; i < a.size(); ++i) {
        std::size_t diagonal = std::exchange(row[0], i + 1);
        for (std::size_t j = 0; j < b.size(); ++j) {
            const std::size_t changed = diagonal + (a[i] == b[j] ? 0 : 1);
            diagonal = row[j + 1];
            row[j + 1] = std::min({changed, row[j] + 1, diagonal + 1});
        }
    }
    return 1 - static_cast<double>(row.back()) / static_cast<double>(std::max(a.size(), b.size()));
}

double edit_score(std::span<const int> truth, std::span<const int> predicted, std::optional<int> background) {
    const auto names = [&](std::span<const int> frames) {
        std::vector<int> labels;
        for (const LabelledSpan& run : runs_of_labels(frames, background)) labels.push_back(run.label);
        return labels;
    };
    return sequence_match(names(predicted), names(truth));
}

std::vector<FrameIndex> boundaries_of_labels(std::span<const int> frames, BoundaryChannel channel,
                                             std::optional<int> background) {
    const auto counts = [&](int label) { return label != unlabelled && label != background; };
    std::vector<FrameIndex> boundaries;
    for (std::size_t frame = 1; frame < frames.size(); ++frame) {
        if (frames[frame] == frames[frame - 1]) continue;
        const bool starts = counts(frames[frame]) && channel != BoundaryChannel::end;
        const bool ends = counts(frames[frame - 1]) && channel != BoundaryChannel::start;
        if (starts || ends) boundaries.push_back(static_cast<FrameIndex>(frame));
    }
    return boundaries;
}

std::vector<ToleratedBoundary> within(std::span<const FrameIndex> boundaries, FrameIndex window) {
    std::vector<ToleratedBoundary> tolerated;
    for (const FrameIndex boundary : boundaries) tolerated.push_back({boundary - window, boundary, boundary + window});
    return tolerated;
}

// A table of truths x predictions would be too large for long recordings. Only the
// predictions from the first that a truth may take to the last that it or an earlier one
// may take can change from one row to the next, so only those are visited.
std::vector<BoundaryPair> match_boundaries(std::span<const ToleratedBoundary> truth,
                                           std::span<const FrameIndex> predicted) {
    std::vector<Matching> best(predicted.size() + 1);
    std::vector<MatchingRow> rows(truth.size());
    std::size_t filled = 0;  // best[j] is up to date for j <= filled, and best[filled] holds beyond
    for (std::size_t i = 0; i < truth.size(); ++i) {
        const ToleratedBoundary& boundary = truth[i];
        const auto first =
            static_cast<std::size_t>(std::ranges::lower_bound(predicted, boundary.earliest) - predicted.begin());
        const auto last =
            static_cast<std::size_t>(std::ranges::upper_bound(predicted, boundary.latest) - predicted.begin());
        const std::size_t reach = std::max(last, filled);
        for (std::size_t j = filled + 1; j <= reach; ++j) best[j] = best[filled];
        filled = reach;
        rows[i].first = first;
        Matching diagonal = best[std::min(first, reach)];
        for (std::size_t j = first; j < reach; ++j) {
            Matching with = diagonal;
            ++with.pairs;
            with.distance += std::abs(predicted[j] - boundary.best);
            diagonal = best[j + 1];
            Step step = leave_truth;
            if (best[j].better_than(best[j + 1])) {
                best[j + 1] = best[j];
                step = leave_prediction;
            }
            if (j < last && with.better_than(best[j + 1])) {
                best[j + 1] = with;
                step = pair;
            }
            rows[i].steps.push_back(step);
        }
    }
    std::vector<BoundaryPair> pairs;
    std::size_t j = predicted.size();
    for (std::size_t i = truth.size(); i-- > 0;) {
        j = std::min(j, rows[i].first + rows[i].steps.size());
        while (j > rows[i].first && rows[i].steps[j - 1 - rows[i].first] == leave_prediction) --j;
        if (j <= rows[i].first || rows[i].steps[j - 1 - rows[i].first] != pair) continue;
        pairs.push_back({i, --j});
    }
    std::ranges::reverse(pairs);
    return pairs;
}

BoundaryScores& BoundaryScores::operator+=(const BoundaryScores& other) {
    counts += other.counts;
    sum_of_distances += other.sum_of_distances;
    return *this;
}

std::optional<double> BoundaryScores::mean_distance() const {
    if (counts.hits == 0) return std::nullopt;
    return sum_of_distances / static_cast<double>(counts.hits);
}

BoundaryScores boundary_scores(std::span<const ToleratedBoundary> truth, std::span<const FrameIndex> predicted) {
    const std::vector<BoundaryPair> pairs = match_boundaries(truth, predicted);
    const auto matched = static_cast<std::int64_t>(pairs.size());
    BoundaryScores scores;
    scores.counts = {matched, static_cast<std::int64_t>(predicted.size()) - matched,
                     static_cast<std::int64_t>(truth.size()) - matched};
    for (const BoundaryPair& pair : pairs)
        scores.sum_of_distances += static_cast<double>(std::abs(predicted[pair.predicted] - truth[pair.truth].best));
    return scores;
}

}  // namespace inference
