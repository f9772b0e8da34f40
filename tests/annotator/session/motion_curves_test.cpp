#include "annotator/session/motion_curves.h"

#include <doctest/doctest.h>

#include <limits>

#include "schemas/alignment.h"
#include "storage/skeleton/layout_registry.h"

namespace annotator {
namespace {

using doctest::Approx;
using schemas::FrameIndex;

// Stands still, and from `begin` on moves with so many metres a second.
std::shared_ptr<schemas::SkeletonSequence> moving(FrameIndex frames, FrameIndex begin, float speed) {
    const auto layout = storage::layout_named("msr20");
    auto sequence = std::make_shared<schemas::SkeletonSequence>(schemas::SkeletonSequence::empty(layout, frames));
    for (FrameIndex frame = 0; frame < frames; ++frame)
        for (std::size_t joint = 0; joint < layout->size(); ++joint) {
            const auto gone = static_cast<float>(std::max<FrameIndex>(0, frame - begin));
            sequence->set(frame, joint, {1 + speed * gone / 25, 1, 0});
            sequence->confidence[static_cast<std::size_t>(frame) * layout->size() + joint] = 1;
        }
    return sequence;
}

schemas::Proposal proposal(FrameIndex begin, double score) {
    schemas::Proposal proposal;
    proposal.begin_frame = begin;
    proposal.end_frame = begin + 10;
    proposal.boundary_score = score;
    return proposal;
}

const schemas::FrameTable times = schemas::evenly_spaced(100, {25, 1});

}  // namespace

TEST_CASE("motion is 0 where nobody moves and 1 where they move fastest") {
    const std::shared_ptr<const schemas::SkeletonSequence> dancers[] = {moving(100, 50, 2)};
    const std::vector<float> energy = motion_energy(dancers, times, {0, 100});
    REQUIRE(energy.size() == 100);
    CHECK(energy[10] == 0);
    CHECK(energy[45] == 0);
    CHECK(energy[80] == Approx(1));
}

TEST_CASE("motion has a value for each frame of the clip, whatever was seen") {
    auto dancer = moving(100, 0, 1);
    for (FrameIndex frame = 30; frame < 40; ++frame)
        for (std::size_t joint = 0; joint < dancer->joints(); ++joint) {
            dancer->confidence[static_cast<std::size_t>(frame) * dancer->joints() + joint] = 0;
            dancer->set(frame, joint, Eigen::Vector3f::Constant(std::numeric_limits<float>::quiet_NaN()));
        }
    const std::shared_ptr<const schemas::SkeletonSequence> dancers[] = {dancer, nullptr};
    const std::vector<float> energy = motion_energy(dancers, times, {20, 60});
    REQUIRE(energy.size() == 40);
    for (const float value : energy) {
        CHECK(value >= 0);
        CHECK(value <= 1);
    }
    CHECK(energy[15] == 0);
    CHECK(motion_energy(std::span<const std::shared_ptr<const schemas::SkeletonSequence>>(), times, {20, 60}).empty());
}

TEST_CASE("a boundary is as likely as its proposal says, and less so around it") {
    const schemas::Proposal proposals[] = {proposal(20, 0.8), proposal(22, 0.4), proposal(99, 1)};
    const std::vector<float> curve = boundary_probability(proposals, times, {10, 60});
    REQUIRE(curve.size() == 50);
    CHECK(curve[10] == Approx(0.8));
    CHECK(curve[11] < curve[10]);
    CHECK(curve[11] > curve[13]);
    CHECK(curve[30] == 0);
    CHECK(boundary_probability({}, times, {10, 60}).empty());
}

}  // namespace annotator
