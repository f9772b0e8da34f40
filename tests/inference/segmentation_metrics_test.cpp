#include "inference/segmentation_metrics.h"

#include <doctest/doctest.h>

#include <cstdlib>
#include <map>
#include <vector>

#include "inference/random.h"

using namespace inference;
using doctest::Approx;
using schemas::FrameIndex;

namespace {

std::vector<int> frames(const std::vector<std::pair<int, int>>& runs) {
    std::vector<int> labels;
    for (const auto& [label, length] : runs) labels.insert(labels.end(), static_cast<std::size_t>(length), label);
    return labels;
}

// Most pairs, then least distance, by trying everything.
std::pair<int, FrameIndex> best_matching(std::span<const ToleratedBoundary> truth,
                                         std::span<const FrameIndex> predicted) {
    if (truth.empty() || predicted.empty()) return {0, 0};
    auto best = best_matching(truth.subspan(1), predicted);
    for (std::size_t j = 0; j < predicted.size(); ++j) {
        if (predicted[j] < truth[0].earliest || predicted[j] > truth[0].latest) continue;
        auto rest = best_matching(truth.subspan(1), predicted.subspan(j + 1));
        ++rest.first;
        rest.second += std::abs(predicted[j] - truth[0].best);
        if (rest.first > best.first || (rest.first == best.first && rest.second < best.second)) best = rest;
    }
    return best;
}

}  // namespace

TEST_CASE("runs leave out background and unlabelled frames") {
    const auto runs = runs_of_labels(frames({{0, 2}, {3, 3}, {unlabelled, 1}, {3, 1}}), 0);
    REQUIRE(runs.size() == 2);
    CHECK(runs[0] == LabelledSpan{{2, 5}, 3});
    CHECK(runs[1] == LabelledSpan{{6, 7}, 3});
}

TEST_CASE("frame accuracy does not count frames without a true label") {
    const std::vector<int> truth{0, 1, unlabelled, 2};
    const std::vector<int> predicted{0, 2, 2, 2};
    CHECK(frame_accuracy(truth, predicted).value() == Approx(2.0 / 3));
    CHECK(frame_accuracy(truth, predicted, 0).value() == Approx(0.5));
}

TEST_CASE("segmental F1 counts one hit for each true segment") {
    const auto truth = frames({{1, 10}, {2, 10}});
    const auto split = frames({{1, 6}, {3, 1}, {1, 3}, {2, 10}});
    const DetectionCounts counts = segmental_counts(truth, split, 0.25);
    CHECK(counts.hits == 2);
    CHECK(counts.extra == 2);  // the 3, and the second 1
    CHECK(counts.missed == 0);
    CHECK(counts.f1() == Approx(4.0 / 6));
}

TEST_CASE("segmental overlap is taken over the hull of both segments") {
    const auto truth = frames({{1, 10}, {2, 10}});
    const auto late = frames({{1, 4}, {2, 16}});
    // 1: 4 of 10 frames. 2: 9 of 15, as the last segment ends a frame early on both sides.
    CHECK(segmental_counts(truth, late, 0.5).hits == 1);
    CHECK(segmental_counts(truth, late, 0.4).hits == 2);
    CHECK(segmental_counts(truth, late, 0.61).hits == 0);
}

TEST_CASE("as in the MS-TCN evaluation, a last segment of one frame is never a hit") {
    const auto labels = frames({{1, 10}, {2, 1}});
    CHECK(segmental_counts(labels, labels, 0.1).hits == 1);
}

TEST_CASE("segmental F1 survives truth or prediction that is all background") {
    CHECK(segmental_counts(frames({{0, 5}}), frames({{1, 5}}), 0.1, 0).extra == 1);
    CHECK(segmental_counts(frames({{1, 5}}), frames({{0, 5}}), 0.1, 0).missed == 1);
    CHECK(segmental_counts({}, {}, 0.1).f1() == 0);
}

TEST_CASE("the edit score counts segments, however long they are") {
    CHECK(edit_score(frames({{1, 5}, {2, 50}, {3, 5}}), frames({{1, 50}, {2, 5}, {3, 5}})) == 1);
    CHECK(edit_score(frames({{1, 5}, {2, 5}, {3, 5}}), frames({{1, 5}, {3, 10}})) == Approx(1 - 1.0 / 3));
    CHECK(edit_score(frames({{1, 5}, {2, 5}}), frames({{3, 5}, {1, 5}})) == Approx(0));
    CHECK(edit_score(frames({{0, 5}}), frames({{0, 5}}), 0) == 1);
}

TEST_CASE("the first frame is no boundary") {
    CHECK(boundaries_of_labels(frames({{1, 5}, {2, 5}})) == std::vector<FrameIndex>{5});
}

TEST_CASE("starts and ends around background are boundaries of their own channel") {
    const auto labels = frames({{1, 5}, {0, 3}, {2, 5}});
    CHECK(boundaries_of_labels(labels, BoundaryChannel::start, 0) == std::vector<FrameIndex>{8});
    CHECK(boundaries_of_labels(labels, BoundaryChannel::end, 0) == std::vector<FrameIndex>{5});
    CHECK(boundaries_of_labels(labels, BoundaryChannel::merged, 0) == std::vector<FrameIndex>{5, 8});
}

TEST_CASE("boundaries are matched one to one") {
    const std::vector<FrameIndex> truth{10, 30};
    const std::vector<FrameIndex> predicted{8, 11, 40};
    const BoundaryScores scores = boundary_scores(within(truth, 3), predicted);
    CHECK(scores.counts.hits == 1);
    CHECK(scores.counts.extra == 2);
    CHECK(scores.counts.missed == 1);
    CHECK(scores.mean_distance() == 1);
    CHECK(scores.f1() == Approx(0.4));
}

TEST_CASE("more pairs are preferred to nearer pairs") {
    // Nearest first would give 12 to 11 and leave 8 without a partner.
    const std::vector<FrameIndex> truth{8, 12};
    const std::vector<FrameIndex> predicted{11, 15};
    CHECK(match_boundaries(within(truth, 3), predicted).size() == 2);
}

TEST_CASE("a boundary may be anywhere in its tolerance interval") {
    const std::vector<ToleratedBoundary> truth{{500, 550, 600}};
    CHECK(boundary_scores(truth, std::vector<FrameIndex>{500}).counts.hits == 1);
    CHECK(boundary_scores(truth, std::vector<FrameIndex>{601}).counts.hits == 0);
}

TEST_CASE("matching is as good as trying everything") {
    Random random(3);
    for (int round = 0; round < 300; ++round) {
        std::vector<ToleratedBoundary> truth;
        std::vector<FrameIndex> predicted;
        FrameIndex best = 0;
        for (std::size_t i = 0; i < random.below(6); ++i) {
            best += static_cast<FrameIndex>(random.below(8));
            truth.push_back({best - static_cast<FrameIndex>(random.below(7)), best,
                             best + static_cast<FrameIndex>(random.below(7))});
        }
        FrameIndex at = 0;
        for (std::size_t i = 0; i < random.below(7); ++i)
            predicted.push_back(at += 1 + static_cast<FrameIndex>(random.below(5)));
        const BoundaryScores scores = boundary_scores(truth, predicted);
        const auto [pairs, distance] = best_matching(truth, predicted);
        REQUIRE(scores.counts.hits == pairs);
        REQUIRE(scores.sum_of_distances == static_cast<double>(distance));
    }
}

TEST_CASE("a hundred thousand boundaries are matched at once") {
    std::vector<FrameIndex> boundaries;
    for (FrameIndex i = 0; i < 100000; ++i) boundaries.push_back(i * 20);
    CHECK(match_boundaries(within(boundaries, 15), boundaries).size() == boundaries.size());
}
