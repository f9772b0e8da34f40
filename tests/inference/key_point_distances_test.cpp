#include "inference/key_point_distances.h"

#include <doctest/doctest.h>

#include <Eigen/Geometry>
#include <cmath>
#include <limits>

#include "tests/inference/motions.h"

using namespace inference;
using schemas::CoordinateSpace;
using schemas::SkeletonLayout;
using schemas::SkeletonSequence;

namespace {

SkeletonLayout openpose_layout() {
    SkeletonLayout layout;
    layout.joints = {"nose",       "neck",       "right_shoulder", "right_elbow", "right_wrist", "left_shoulder",
                     "left_elbow", "left_wrist", "right_hip",      "right_knee",  "right_ankle", "left_hip",
                     "left_knee",  "left_ankle", "right_eye",      "left_eye",    "right_ear",   "left_ear"};
    layout.parents = {1, -1, 1, 2, 3, 1, 5, 6, 1, 8, 9, 1, 11, 12, 0, 0, 14, 15};
    layout.centre = 11;
    layout.neck = 1;
    return layout;
}

// A centre at the origin, a neck above it and a hand beside it: torso 2, arm 1.5.
SkeletonSequence figure(schemas::FrameIndex frames, CoordinateSpace space = CoordinateSpace::metres) {
    auto layout = std::make_shared<SkeletonLayout>();
    layout->joints = {"centre", "neck", "hand"};
    layout->parents = {-1, 0, 1};
    layout->neck = 1;
    SkeletonSequence sequence = SkeletonSequence::empty(layout, frames, space);
    for (schemas::FrameIndex frame = 0; frame < frames; ++frame) {
        sequence.set(frame, 0, {1, 1, 0});
        sequence.set(frame, 1, {1, 3, 0});
        sequence.set(frame, 2, {2.5F, 1, 0});
    }
    sequence.confidence.assign(sequence.confidence.size(), 1.0F);
    return sequence;
}

}  // namespace

TEST_CASE("a frame's row holds the distances of each two joints in units of the torso") {
    const KeyPointDistances distances = key_point_distances(figure(2));
    CHECK(distances.pairs() == 3);
    REQUIRE(distances.values.size() == 6);
    for (const std::size_t row : {0, 3}) {
        CHECK(distances.values[row] == doctest::Approx(1));
        CHECK(distances.values[row + 1] == doctest::Approx(0.75));
        CHECK(distances.values[row + 2] == doctest::Approx(1.25));
    }
    CHECK(distances.seen == std::vector<std::uint8_t>(6, 1));
}

TEST_CASE("eighteen key-points give 91 distances, without eyes and ears") {
    const std::vector<int> joints = joints_for_distances(openpose_layout());
    CHECK(joints == std::vector<int>{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13});
    const auto layout = std::make_shared<SkeletonLayout>(openpose_layout());
    const KeyPointDistances distances = key_point_distances(SkeletonSequence::empty(layout, 4));
    CHECK(distances.pairs() == 91);
    CHECK(distances.values.size() == 4 * 91);
}

TEST_CASE("other layouts are measured with all of their joints") {
    const KeyPointDistances distances = key_point_distances(*inference_tests::synthetic_motion(0, 1, 5).skeleton);
    CHECK(distances.joints.size() == 20);
    CHECK(distances.values.size() == 5 * 190);
}

TEST_CASE("distances to joints that were not seen are 0 and marked, in that frame only") {
    SkeletonSequence sequence = figure(2);
    sequence.set(1, 2, Eigen::Vector3f::Zero());
    sequence.confidence[5] = 0;
    const KeyPointDistances distances = key_point_distances(sequence);
    CHECK(distances.seen == std::vector<std::uint8_t>{1, 1, 1, 1, 0, 0});
    CHECK(distances.values[4] == 0);
    CHECK(distances.values[5] == 0);
    CHECK(distances.values[3] == doctest::Approx(1));
}

TEST_CASE("a joint that is nowhere does not make distances that are no numbers") {
    SkeletonSequence sequence = figure(3);
    sequence.set(0, 1, {std::numeric_limits<float>::quiet_NaN(), 0, 0});
    sequence.set(1, 2, {std::numeric_limits<float>::max(), std::numeric_limits<float>::lowest(), 0});
    const KeyPointDistances distances = key_point_distances(sequence);
    for (const float value : distances.values) CHECK(std::isfinite(value));
    CHECK(distances.seen == std::vector<std::uint8_t>{0, 1, 0, 1, 0, 0, 1, 1, 1});
    CHECK(distances.values[1] == doctest::Approx(0.75));
}

TEST_CASE("nothing counts as seen in a sequence without a torso") {
    SkeletonSequence sequence = figure(2);
    for (schemas::FrameIndex frame = 0; frame < 2; ++frame) sequence.set(frame, 1, sequence.at(frame, 0));
    const KeyPointDistances distances = key_point_distances(sequence);
    CHECK(distances.values == std::vector<float>(6, 0.0F));
    CHECK(distances.seen == std::vector<std::uint8_t>(6, 0));
    CHECK(key_point_distances(SkeletonSequence{}).values.empty());
}

TEST_CASE("the torso is that of most frames") {
    SkeletonSequence sequence = figure(5);
    sequence.set(4, 1, {1, 1.1F, 0});
    CHECK(key_point_distances(sequence).values[4 * 3 + 1] == doctest::Approx(0.75));
}

TEST_CASE("distances do not depend on place, direction and size of the performer") {
    const Sample motion = inference_tests::synthetic_motion(1, 3, 10);
    SkeletonSequence moved = *motion.skeleton;
    const Eigen::Matrix3f turn = Eigen::AngleAxisf(1.0F, Eigen::Vector3f(1, 2, 3).normalized()).toRotationMatrix();
    for (schemas::FrameIndex frame = 0; frame < 10; ++frame)
        for (std::size_t joint = 0; joint < 20; ++joint)
            moved.set(frame, joint, 1.7F * (turn * moved.at(frame, joint)) + Eigen::Vector3f(3, -1, 2));
    const KeyPointDistances before = key_point_distances(*motion.skeleton), after = key_point_distances(moved);
    for (std::size_t i = 0; i < before.values.size(); ++i)
        CHECK(after.values[i] == doctest::Approx(before.values[i]).epsilon(1e-4));
}

TEST_CASE("the depth of key-points in pixels is left out") {
    SkeletonSequence sequence = figure(1, CoordinateSpace::pixels);
    sequence.set(0, 2, {2.5F, 1, 900});
    CHECK(key_point_distances(sequence).values[1] == doctest::Approx(0.75));
}
