#include "inference/pose_smoothing.h"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>
#include <stdexcept>

#include "schemas/bones.h"
#include "tests/support/small_motion.h"

using namespace inference;
using namespace schemas;

namespace {

// A root that stays at the origin of x, with one joint whose x is the square of the frame, each half sure.
SkeletonSequence squares(CoordinateSpace space = CoordinateSpace::pixels) {
    auto layout = std::make_shared<SkeletonLayout>();
    layout->name = "two";
    layout->joints = {"root", "tip"};
    layout->parents = {-1, 0};
    SkeletonSequence motion = SkeletonSequence::empty(layout, 5, space);
    for (FrameIndex frame = 0; frame < 5; ++frame) {
        motion.set(frame, 0, {0, 7, 0});
        motion.set(frame, 1, {static_cast<float>(frame * frame), 7, 0});
    }
    motion.confidence.assign(motion.confidence.size(), 0.5F);
    return motion;
}

constexpr FrameSpan all{0, 5};

}  // namespace

TEST_CASE("a worked example of eq. (5) to (9) comes out as by hand") {
    const SkeletonSequence smooth = smoothed(squares(), all, all, {});
    // (5): w of the joint itself is e^2 / (e^2 + 1) = 0.880797, so a = 0.880797 x 4 = 3.523188.
    // (6) to (8): m = (9 + 1 + (1 - 0) / 3 + (9 - 16) / 3) / 2 = 4.
    // (9): 0.5 x 4 + 0.5 x (0.5 x 3.523188 + 0.5 x 4) = 3.880797.
    CHECK(smooth.at(2, 1).x() == doctest::Approx(3.880797));
    // The root: a = 0.119203 x 4, m = 0, so 0.5 x 0 + 0.5 x 0.5 x 0.476812.
    CHECK(smooth.at(2, 0).x() == doctest::Approx(0.119203));
    CHECK(smooth.at(2, 1).y() == doctest::Approx(7));
}

TEST_CASE("beside an end the mean of two neighbours counts, and at an end the frame itself") {
    const SkeletonSequence smooth = smoothed(squares(), all, all, {});
    // m = (0 + 4) / 2 = 2 and a = 0.880797: 0.5 x 1 + 0.5 x (0.5 x 0.880797 + 0.5 x 2).
    CHECK(smooth.at(1, 1).x() == doctest::Approx(1.220199));
    // m = 16 and a = 0.880797 x 16: 0.5 x 16 + 0.5 x (0.5 x 14.092752 + 0.5 x 16).
    CHECK(smooth.at(4, 1).x() == doctest::Approx(15.523188));
}

TEST_CASE("what is sure stays, unless it is trusted less") {
    SkeletonSequence motion = squares();
    motion.confidence.assign(motion.confidence.size(), 1.0F);
    CHECK(smoothed(motion, all, all, {}).positions == motion.positions);
    SmoothingOptions options;
    options.most_trust = 0.5F;
    CHECK(smoothed(motion, all, all, options).at(2, 1).x() == doctest::Approx(3.880797));
}

TEST_CASE("temporal smoothing alone leaves a cubic as it is") {
    SkeletonSequence motion = squares();
    for (FrameIndex frame = 0; frame < 5; ++frame)
        motion.set(frame, 1, {static_cast<float>(frame * frame * frame), 0, 0});
    SmoothingOptions options;
    options.temporal = 1;
    options.most_trust = 0;
    CHECK(smoothed(motion, all, all, options).at(2, 1).x() == doctest::Approx(8));
}

TEST_CASE("nothing is smoothed across a cut or outside of the span") {
    const SkeletonSequence motion = squares();
    const SkeletonSequence smooth = smoothed(motion, {2, 3}, {2, 5}, {});
    for (const FrameIndex frame : {0, 1, 3, 4}) CHECK(smooth.at(frame, 1) == motion.at(frame, 1));
    // Frame 2 is an end now: m = q.
    CHECK(smooth.at(2, 1).x() == doctest::Approx(0.5 * 4 + 0.5 * (0.5 * 3.523188 + 0.5 * 4)));
}

TEST_CASE("gaps of four frames are bridged and gaps of five are not") {
    SkeletonSequence motion = tests::arms_in_motion(20);
    for (FrameIndex frame = 5; frame < 9; ++frame) tests::hide(motion, frame, 2);
    for (FrameIndex frame = 12; frame < 17; ++frame) tests::hide(motion, frame, 2);
    SmoothingOptions options;
    options.bones = SmoothedBones::free;
    const SkeletonSequence smooth = smoothed(motion, {0, 20}, {0, 20}, options);
    CHECK(smooth.at(6, 2).y() == doctest::Approx(1.6).epsilon(0.01));
    CHECK(smooth.at(14, 2).isZero());
}

TEST_CASE("after smoothing every bone in metres has its median length") {
    SkeletonSequence motion = tests::arms_in_motion(12);
    motion.confidence.assign(motion.confidence.size(), 0.3F);
    for (FrameIndex frame = 0; frame < 12; ++frame)
        motion.set(frame, 2, motion.at(frame, 2) + Eigen::Vector3f(0, frame % 2 == 0 ? 0.2F : -0.2F, 0));
    const auto lengths = bone_lengths(motion);
    const SkeletonSequence smooth = smoothed(motion, {0, 12}, {0, 12}, {});
    for (FrameIndex frame = 0; frame < 12; ++frame)
        for (const auto& [joint, parent] : {std::pair<std::size_t, std::size_t>{1, 0}, {2, 1}, {3, 0}, {4, 3}})
            CHECK((smooth.at(frame, joint) - smooth.at(frame, parent)).norm() == doctest::Approx(lengths[joint]));
}

TEST_CASE("bones of key-points in pixels are not stretched") {
    SkeletonSequence motion = squares();
    CHECK(smoothed(motion, all, all, {}).at(2, 1).x() == doctest::Approx(3.880797));
    motion = squares(CoordinateSpace::metres);
    const SkeletonSequence smooth = smoothed(motion, all, all, {});
    CHECK((smooth.at(2, 1) - smooth.at(2, 0)).norm() == doctest::Approx(bone_lengths(motion)[1]));
}

TEST_CASE("positions that are no numbers reach no other frame") {
    SkeletonSequence motion = squares();
    motion.set(2, 1, Eigen::Vector3f::Constant(std::numeric_limits<float>::quiet_NaN()));
    const SkeletonSequence smooth = smoothed(motion, all, all, {});
    for (FrameIndex frame = 0; frame < 5; ++frame) CHECK(smooth.at(frame, 1).allFinite());
}

TEST_CASE("frames that are not of the motion cannot be smoothed") {
    const SkeletonSequence motion = squares();
    for (const FrameSpan span : {FrameSpan{-1, 3}, FrameSpan{0, 6}, FrameSpan{3, 3}})
        CHECK_THROWS_AS(smoothed(motion, span, all, {}), std::invalid_argument);
    CHECK_THROWS_AS(smoothed(motion, {0, 4}, {1, 5}, {}), std::invalid_argument);
}
