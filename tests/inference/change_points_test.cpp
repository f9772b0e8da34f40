#include "inference/change_points.h"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>
#include <stdexcept>

#include "inference/random.h"
#include "inference/segmentation_metrics.h"
#include "tests/inference/motions.h"

using namespace inference;
using namespace inference_tests;
using schemas::FrameIndex;

namespace {

std::vector<float> steps(const std::vector<std::pair<float, int>>& levels, double noise, std::uint64_t seed) {
    Random random(seed);
    std::vector<float> signal;
    for (const auto& [level, length] : levels)
        for (int i = 0; i < length; ++i) signal.push_back(level + static_cast<float>(noise * random.normal()));
    return signal;
}

double cost(const std::vector<float>& signal, std::size_t begin, std::size_t end) {
    double mean = 0;
    for (std::size_t i = begin; i < end; ++i) mean += static_cast<double>(signal[i]) / static_cast<double>(end - begin);
    double sum = 0;
    for (std::size_t i = begin; i < end; ++i) sum += std::pow(static_cast<double>(signal[i]) - mean, 2);
    return sum;
}

// What the search is to find, without pruning anything.
double least_cost(const std::vector<float>& signal, double penalty, std::size_t shortest) {
    std::vector<double> best(signal.size() + 1, std::numeric_limits<double>::infinity());
    best[0] = -penalty;
    for (std::size_t end = shortest; end <= signal.size(); ++end)
        for (std::size_t begin = 0; begin + shortest <= end; ++begin)
            best[end] = std::min(best[end], best[begin] + cost(signal, begin, end) + penalty);
    return best.back();
}

double cost_of(const std::vector<float>& signal, std::vector<std::size_t> points, double penalty) {
    const double count = static_cast<double>(points.size());
    points.insert(points.begin(), 0);
    points.push_back(signal.size());
    double sum = penalty * count;
    for (std::size_t i = 1; i < points.size(); ++i) sum += cost(signal, points[i - 1], points[i]);
    return sum;
}

// Kinds of movement one after the other, without a rest between them.
Sample stream_of(const std::vector<int>& kinds, FrameIndex each) {
    auto joined = std::make_shared<schemas::SkeletonSequence>();
    joined->layout = msr_layout();
    for (std::size_t i = 0; i < kinds.size(); ++i) {
        const Sample part = synthetic_motion(kinds[i], 50 + i, each);
        joined->positions.insert(joined->positions.end(), part.skeleton->positions.begin(),
                                 part.skeleton->positions.end());
        joined->confidence.insert(joined->confidence.end(), part.skeleton->confidence.begin(),
                                  part.skeleton->confidence.end());
    }
    const FrameIndex frames = joined->frames();
    return {std::move(joined), {0, frames}};
}

// One recording after the other, four frames of each faded into four of the next.
struct Joined {
    schemas::SkeletonSequence sequence;
    std::vector<FrameIndex> boundaries;
};

Joined cross_faded(const std::vector<const schemas::SkeletonSequence*>& parts) {
    constexpr std::size_t faded = 4;
    Joined stream{*parts.front(), {}};
    for (std::size_t part = 1; part < parts.size(); ++part) {
        std::vector<float>& to = stream.sequence.positions;
        const std::vector<float>& from = parts[part]->positions;
        stream.boundaries.push_back(stream.sequence.frames() - static_cast<FrameIndex>(faded / 2));
        for (std::size_t i = 0; i < faded * 60; ++i) {
            const float share = static_cast<float>(i / 60 + 1) / static_cast<float>(faded + 1);
            float& value = to[to.size() - faded * 60 + i];
            value += share * (from[i] - value);
        }
        to.insert(to.end(), from.begin() + faded * 60, from.end());
        stream.sequence.confidence.resize(to.size() / 3, 1.0F);
    }
    return stream;
}

}  // namespace

TEST_CASE("planted change points are recovered") {
    const auto signal = steps({{0, 50}, {3, 40}, {1, 60}, {4, 30}}, 0.3, 1);
    CHECK(pelt(signal, 1, 5, 5) == std::vector<std::size_t>{50, 90, 150});
}

TEST_CASE("pruning loses nothing") {
    for (std::uint64_t seed = 0; seed < 20; ++seed) {
        const auto signal = steps({{0, 13}, {1, 9}, {0.4F, 22}, {2, 7}, {1.5F, 11}}, 0.8, seed);
        for (const std::size_t shortest : {std::size_t{1}, std::size_t{4}, std::size_t{9}})
            REQUIRE(cost_of(signal, *pelt(signal, 1, 1.5, shortest), 1.5) ==
                    doctest::Approx(least_cost(signal, 1.5, shortest)));
    }
}

TEST_CASE("no segment is shorter than it may be") {
    const auto points = *pelt(steps({{0, 30}, {5, 3}, {0, 30}}, 0.1, 2), 1, 0.5, 10);
    std::size_t before = 0;
    for (const std::size_t point : points) {
        CHECK(point - before >= 10);
        before = point;
    }
}

TEST_CASE("a signal that does not change has no change points") {
    CHECK(pelt(std::vector<float>(100, 2.0F), 1, 1, 5)->empty());
    CHECK(pelt({}, 1, 1, 5)->empty());
    CHECK(pelt(std::vector<float>(3, 1.0F), 1, 1, 5)->empty());
}

TEST_CASE("boundaries between movements are found within half a second") {
    const Sample stream = stream_of({0, 3, 1, 2}, 60);
    std::vector<FrameIndex> found;
    const auto boundaries = *change_points(*stream.skeleton, stream.span, 15);
    for (const auto& boundary : boundaries) {
        found.push_back(boundary.frame);
        CHECK(boundary.score > 0);
        CHECK(boundary.score < 1);
    }
    const BoundaryScores scores = boundary_scores(within(std::vector<FrameIndex>{60, 120, 180}, 7), found);
    CHECK(scores.counts.hits == 3);
    CHECK(scores.counts.extra <= 2);
}

TEST_CASE("boundaries do not depend on where a span starts in its sequence") {
    const Sample stream = stream_of({4, 0, 3, 1}, 60);
    const auto part = stream.skeleton->slice({60, 240});
    const auto inside = *change_points(*stream.skeleton, {60, 240}, 15);
    const auto alone = *change_points(part, {0, 180}, 15);
    REQUIRE(inside.size() == alone.size());
    for (std::size_t i = 0; i < inside.size(); ++i) CHECK(inside[i].frame == alone[i].frame + 60);
}

TEST_CASE("a span that is short, dead or stopped has no boundaries") {
    const Sample stream = stream_of({0, 1}, 40);
    CHECK(change_points(*stream.skeleton, {0, 5}, 15)->empty());
    CHECK(change_points(schemas::SkeletonSequence::empty(msr_layout(), 200), {0, 200}, 15)->empty());
    std::stop_source stop;
    stop.request_stop();
    CHECK_FALSE(change_points(*stream.skeleton, stream.span, 15, {}, stop.get_token()).has_value());
}

TEST_CASE("change points need a frame rate and a span of the sequence") {
    const Sample stream = stream_of({0, 1}, 40);
    CHECK_THROWS_AS(change_points(*stream.skeleton, stream.span, 0), std::invalid_argument);
    CHECK_THROWS_AS(change_points(*stream.skeleton, stream.span, std::nan("")), std::invalid_argument);
    CHECK_THROWS_AS(change_points(*stream.skeleton, {0, 1000}, 15), std::invalid_argument);
}

TEST_CASE("slow: more than half of the boundaries between joined MSR recordings are found without a label") {
    const std::vector<Recording> recordings = msr_recordings();
    if (recordings.empty()) {
        MESSAGE("the MSR-Action3D recordings are not there");
        return;
    }
    BoundaryScores scores;
    for (const int performer : {1, 3, 5, 7, 9}) {
        std::vector<const Recording*> own;
        for (const Recording& recording : recordings)
            if (recording.performer == performer) own.push_back(&recording);
        const auto order = Random(static_cast<std::uint64_t>(performer)).permutation(own.size());
        for (std::size_t first = 0; first + 8 <= own.size(); first += 8) {
            std::vector<const schemas::SkeletonSequence*> parts;
            for (std::size_t i = first; i < first + 8; ++i) parts.push_back(own[order[i]]->sample.skeleton.get());
            const Joined stream = cross_faded(parts);
            std::vector<FrameIndex> found;
            const auto boundaries = *change_points(stream.sequence, {0, stream.sequence.frames()}, 15);
            for (const auto& boundary : boundaries) found.push_back(boundary.frame);
            scores += boundary_scores(within(stream.boundaries, 5), found);
        }
    }
    MESSAGE("boundary F1 within 5 frames " << scores.f1() << ", " << scores.counts.hits << " found, "
                                           << scores.counts.missed << " missed, " << scores.counts.extra << " extra");
    CHECK(scores.f1() > 0.5);
}
