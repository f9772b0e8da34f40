#include "annotator/session/snapping.h"

#include <doctest/doctest.h>

#include <cmath>

#include "tests/annotator/labelling.h"

using namespace annotator;
using namespace schemas;

TEST_CASE("the nearest target within reach wins, and of two at the same distance the stronger") {
    const std::vector<SnapTarget> targets{
        {10, SnapKind::beat}, {14, SnapKind::motion_minimum}, {14, SnapKind::boundary}, {30, SnapKind::playhead}};
    CHECK(snapped(11, 5, targets).frame == 10);
    CHECK(snapped(13, 5, targets).to == SnapKind::boundary);
    CHECK(snapped(12, 5, targets).to == SnapKind::boundary);
    CHECK_FALSE(snapped(22, 5, targets).to.has_value());
    CHECK(snapped(22, 5, targets).frame == 22);
    CHECK_FALSE(snapped(11, 0.4, targets).to.has_value());
}

TEST_CASE("motion minima are the stillest frames around, not every wiggle") {
    std::vector<float> energy(100);
    for (std::size_t i = 0; i < energy.size(); ++i)
        energy[i] = 0.5F + 0.4F * std::cos(static_cast<float>(i) * 0.2F) + (i % 2 == 0 ? 0.001F : 0.0F);
    const auto minima = motion_minima(energy, 1000, 6);
    REQUIRE(minima.size() == 3);
    CHECK(std::abs(minima[0] - 1015) <= 1);
    CHECK(motion_minima(std::vector<float>(50, 0.3F), 0, 6).empty());
    CHECK(motion_minima({}, 0, 6).empty());
}

TEST_CASE("peaks of the boundary probability count from 0.3 on") {
    std::vector<float> probability(40, 0.1F);
    probability[10] = 0.8F;
    probability[12] = 0.7F;
    probability[30] = 0.29F;
    CHECK(probability_peaks(probability, 5, 4) == std::vector<FrameIndex>{15});
}

TEST_CASE("boundaries, proposals, marks and the playhead are targets; what moves itself is none") {
    tests::Labelling ana;
    ana.draw(10, 20, 1).propose({{1, 50, 60, 2}}).at(33).ask(LabelIntent(SetMarks{40, std::nullopt}));
    const auto frames = [&](const std::set<SegmentId>& moving, FrameSpan near) {
        std::vector<FrameIndex> found;
        for (const SnapTarget& target : snap_targets(ana.model(), moving, near)) found.push_back(target.frame);
        return found;
    };
    CHECK(frames({}, {0, 100}) == std::vector<FrameIndex>{10, 20, 33, 40, 50, 60});
    CHECK(frames({ana.segment_at(10)}, {0, 100}) == std::vector<FrameIndex>{33, 40, 50, 60});
    CHECK(frames({}, {20, 40}) == std::vector<FrameIndex>{20, 33, 40});
}
