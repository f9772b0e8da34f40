#include "schemas/skeleton.h"

#include <doctest/doctest.h>

#include <memory>
#include <stdexcept>

namespace {

using schemas::SkeletonLayout;
using schemas::SkeletonSequence;

SkeletonLayout three_joints() {
    SkeletonLayout layout;
    layout.name = "three";
    layout.joints = {"pelvis", "left_hand", "right_hand"};
    layout.parents = {-1, 0, 0};
    layout.pairs = {{1, 2}};
    layout.left_shoulder = 1;
    layout.right_shoulder = 2;
    return layout;
}

// Every joint seen at (frame + 1, joint, 0).
SkeletonSequence seen_sequence(schemas::FrameIndex frames) {
    auto sequence = SkeletonSequence::empty(std::make_shared<SkeletonLayout>(three_joints()), frames);
    for (schemas::FrameIndex frame = 0; frame < frames; ++frame)
        for (std::size_t joint = 0; joint < 3; ++joint)
            sequence.set(frame, joint, {static_cast<float>(frame + 1), static_cast<float>(joint), 0});
    sequence.confidence.assign(sequence.confidence.size(), 1.0F);
    return sequence;
}

void kill(SkeletonSequence& sequence, schemas::FrameIndex frame) {
    for (std::size_t joint = 0; joint < 3; ++joint)
        sequence.confidence[static_cast<std::size_t>(frame) * 3 + joint] = 0;
}

}  // namespace

TEST_CASE("a sound layout has no problem") { CHECK(problem_with(three_joints()).empty()); }

TEST_CASE("a layout without joints has a problem") { CHECK_FALSE(problem_with(SkeletonLayout{}).empty()); }

TEST_CASE("a layout with two roots has a problem") {
    SkeletonLayout layout = three_joints();
    layout.parents[1] = -1;
    CHECK(problem_with(layout) == "it has 2 roots");
}

TEST_CASE("a joint that hangs from itself is a problem") {
    SkeletonLayout layout = three_joints();
    layout.parents[1] = 2;
    layout.parents[2] = 1;
    CHECK(problem_with(layout) == "left_hand hangs from itself");
}

TEST_CASE("a pair outside the layout is a problem") {
    SkeletonLayout layout = three_joints();
    layout.pairs = {{1, 7}};
    CHECK_FALSE(problem_with(layout).empty());
}

TEST_CASE("mirroring exchanges partners and keeps the rest") {
    CHECK(three_joints().mirrored() == std::vector<int>{0, 2, 1});
}

TEST_CASE("a frame without a seen joint is dead") {
    SkeletonSequence sequence = seen_sequence(2);
    kill(sequence, 1);
    CHECK_FALSE(is_dead_frame(sequence, 0));
    CHECK(is_dead_frame(sequence, 1));
}

TEST_CASE("dead frames are found as maximal runs") {
    SkeletonSequence sequence = seen_sequence(6);
    for (const schemas::FrameIndex frame : {0, 3, 4}) kill(sequence, frame);
    CHECK(dead_runs(sequence) == std::vector<schemas::FrameSpan>{{0, 1}, {3, 5}});
}

TEST_CASE("a slice holds exactly the frames of its span") {
    const SkeletonSequence part = seen_sequence(5).slice({2, 4});
    CHECK(part.frames() == 2);
    CHECK(part.at(0, 1) == Eigen::Vector3f(3, 1, 0));
}

TEST_CASE("a slice beyond the sequence throws") {
    const SkeletonSequence sequence = seen_sequence(5);
    CHECK_THROWS_AS((void)sequence.slice({2, 6}), std::out_of_range);
    CHECK_THROWS_AS((void)sequence.slice({3, 3}), std::out_of_range);
}

TEST_CASE("a mapped joint is the weighted mean of its sources, as sure as the least sure of them") {
    SkeletonSequence sequence = seen_sequence(1);
    sequence.confidence = {1.0F, 0.5F, 0.25F};
    schemas::JointMap map{sequence.layout, sequence.layout, Eigen::MatrixXf::Zero(3, 3)};
    map.weights.row(0) << 0, 0.5F, 0.5F;
    const SkeletonSequence mean = mapped(sequence, map);
    CHECK(mean.at(0, 0) == Eigen::Vector3f(1, 1.5F, 0));
    CHECK(mean.confidence_at(0, 0) == 0.25F);
}

TEST_CASE("a joint that a map leaves out is unseen") {
    const SkeletonSequence sequence = seen_sequence(1);
    const schemas::JointMap map{sequence.layout, sequence.layout, Eigen::MatrixXf::Zero(3, 3)};
    CHECK(mapped(sequence, map).confidence_at(0, 2) == 0.0F);
}

TEST_CASE("a map of another size throws") {
    const SkeletonSequence sequence = seen_sequence(1);
    const schemas::JointMap map{sequence.layout, sequence.layout, Eigen::MatrixXf::Zero(3, 2)};
    CHECK_THROWS_AS((void)mapped(sequence, map), std::invalid_argument);
}
