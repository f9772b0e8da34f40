#include "inference/augmentation.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "tests/inference/motions.h"

using namespace inference;
using namespace inference_tests;
using doctest::Approx;

namespace {

std::vector<float> drawn(const MotionSet& set, const Augmentation& augmentation, std::uint64_t seed) {
    Random random(seed);
    std::vector<float> features(48 * set.features());
    set.draw(0, 48, augmentation, random, features);
    return features;
}

float x_of(const std::vector<float>& features, std::size_t frame, std::size_t joint) {
    return features[frame * 180 + joint * 3];
}

}  // namespace

TEST_CASE("a motion that is not augmented is its resampled self") {
    const MotionSet set(synthetic_set(1, 1, 1), Heading::camera, 1);
    std::vector<float> whole(48 * set.features());
    set.cut(0, 48, 0, 1, whole);
    CHECK(drawn(set, no_augmentation(), 1) == whole);
    CHECK(whole == motion_features(resampled(set.motion(0), 48), set.layout()));
}

TEST_CASE("the same seed draws the same view and another seed another") {
    const MotionSet set(synthetic_set(1, 1, 1), Heading::camera, 1);
    CHECK(drawn(set, weak_augmentation(), 1) == drawn(set, weak_augmentation(), 1));
    CHECK(drawn(set, weak_augmentation(), 1) != drawn(set, weak_augmentation(), 2));
}

TEST_CASE("a mirrored motion swaps left and right and turns x round") {
    const MotionSet set(synthetic_set(1, 1, 1), Heading::camera, 1);
    Augmentation mirrored = no_augmentation();
    mirrored.mirror_probability = 1;
    const auto plain = drawn(set, no_augmentation(), 1);
    const auto swapped = drawn(set, mirrored, 1);
    for (std::size_t frame = 0; frame < 48; ++frame) {
        CHECK(x_of(swapped, frame, 9) == Approx(-x_of(plain, frame, 10)));
        CHECK(x_of(swapped, frame, 6) == Approx(-x_of(plain, frame, 6)));
    }
}

TEST_CASE("a view says whether it is mirrored") {
    const MotionSet set(synthetic_set(1, 1, 1), Heading::camera, 1);
    Augmentation augmentation = no_augmentation();
    augmentation.mirror_probability = 0.5;
    const auto plain = drawn(set, no_augmentation(), 1);
    int mirrored = 0;
    for (std::uint64_t seed = 0; seed < 40; ++seed) {
        Random random(seed);
        std::vector<float> features(48 * set.features());
        const Side side = set.draw(0, 48, augmentation, random, features);
        CHECK((features == plain) == (side == Side::as_recorded));
        mirrored += side == Side::mirrored ? 1 : 0;
    }
    CHECK(mirrored > 10);
    CHECK(mirrored < 30);
}

TEST_CASE("a part of a set holds those motions in that order") {
    const MotionSet set(synthetic_set(2, 2, 1), Heading::camera, 1);
    const std::vector<std::size_t> wanted{3, 0};
    const MotionSet part = set.part(wanted);
    REQUIRE(part.size() == 2);
    CHECK(part.motion(0).positions == set.motion(3).positions);
    CHECK(part.motion(1).positions == set.motion(0).positions);
    CHECK(part.layout().name == set.layout().name);
}

TEST_CASE("a student's view is at most four tenths faster or slower anywhere, and never runs backwards") {
    // Whose first joint moves evenly, so that its velocity is the speed.
    const Sample sample = synthetic_motion(0, 1, 400);
    auto sequence = std::make_shared<schemas::SkeletonSequence>(*sample.skeleton);
    const std::size_t joints = 20;
    for (std::size_t frame = 0; frame < 400; ++frame)
        for (std::size_t joint = 0; joint < joints; ++joint) {
            sequence->positions[(frame * joints + joint) * 3] =
                sequence->positions[joint * 3] + 0.01F * static_cast<float>(frame);
            for (std::size_t axis = 1; axis < 3; ++axis)
                sequence->positions[(frame * joints + joint) * 3 + axis] = sequence->positions[joint * 3 + axis];
        }
    const std::vector<Sample> samples{{sequence, {0, 400}}};
    const MotionSet set(samples, Heading::camera, 1);
    Augmentation warped = no_augmentation();
    warped.time_warp = student_augmentation().time_warp;
    CHECK(warped.time_warp > 0);
    const auto even = drawn(set, no_augmentation(), 1);
    const float usual = x_of(even, 20, 7) - x_of(even, 19, 7);
    double slowest = 1, fastest = 1;
    for (std::uint64_t seed = 0; seed < 60; ++seed) {
        const auto features = drawn(set, warped, seed);
        for (std::size_t frame = 1; frame < 48; ++frame) {
            const double speed = (x_of(features, frame, 7) - x_of(features, frame - 1, 7)) / usual;
            // Where the ends are reached it stands still.
            if (frame > 4 && frame < 44) slowest = std::min(slowest, speed);
            fastest = std::max(fastest, speed);
        }
    }
    CHECK(slowest > 0.55);
    CHECK(slowest < 0.8);
    CHECK(fastest < 1.45);
    CHECK(fastest > 1.2);
}

TEST_CASE("weak views keep bones as long as scale allows") {
    const MotionSet set(synthetic_set(1, 1, 1), Heading::camera, 1);
    const auto length = [](const std::vector<float>& features) {
        const float* bone = &features[60 + 3 * 19];
        return std::hypot(bone[0], bone[1], bone[2]);
    };
    const float plain = length(drawn(set, no_augmentation(), 1));
    Augmentation still = weak_augmentation();
    still.shortest_crop = 1;
    for (std::uint64_t seed = 0; seed < 50; ++seed) {
        CHECK(length(drawn(set, still, seed)) > 0.89F * plain);
        CHECK(length(drawn(set, still, seed)) < 1.11F * plain);
    }
}

TEST_CASE("strong views lose joints for a third of the time") {
    const MotionSet set(synthetic_set(1, 1, 1), Heading::camera, 1);
    Augmentation lossy = no_augmentation();
    lossy.joint_drop = 1;
    const auto features = drawn(set, lossy, 5);
    std::set<std::size_t> lost_joints;
    for (std::size_t frame = 0; frame < 48; ++frame)
        for (std::size_t joint = 0; joint < 20; ++joint)
            if (joint != 6 && x_of(features, frame, joint) == 0) lost_joints.insert(joint);
    CHECK(lost_joints.size() >= 1);
    CHECK(lost_joints.size() <= 3);
}

TEST_CASE("every view of a dead or single-frame motion is finite") {
    auto dead = std::make_shared<schemas::SkeletonSequence>(schemas::SkeletonSequence::empty(msr_layout(), 10));
    const std::vector<Sample> samples{{dead, {0, 10}}, {synthetic_motion(0, 1).skeleton, {3, 4}}};
    const MotionSet set(samples, Heading::shoulders, 1);
    Random random(1);
    std::vector<float> features(48 * set.features());
    for (std::size_t sample = 0; sample < 2; ++sample) {
        set.draw(sample, 48, strong_augmentation(), random, features);
        for (const float value : features) REQUIRE(std::isfinite(value));
    }
}

TEST_CASE("motions of two layouts are not mixed") {
    auto other = std::make_shared<schemas::SkeletonLayout>(*msr_layout());
    other->name = "another";
    auto sequence = std::make_shared<schemas::SkeletonSequence>(schemas::SkeletonSequence::empty(other, 10));
    const std::vector<Sample> samples{synthetic_motion(0, 1), {sequence, {0, 10}}};
    CHECK_THROWS_AS(MotionSet(samples, Heading::camera, 1), std::invalid_argument);
}

TEST_CASE("long motions take bounded memory") {
    const std::vector<Sample> samples{synthetic_motion(0, 1, 5000)};
    CHECK(MotionSet(samples, Heading::camera, 1).motion(0).rows() == MotionSet::longest_motion);
    // Each row still says which frame it came from, up to the last one.
    const MotionSet set(samples, Heading::camera, 1);
    const std::vector<schemas::FrameIndex>& frames = set.motion(0).frames;
    CHECK(frames.front() == samples[0].span.begin);
    CHECK(frames.back() == samples[0].span.end - 1);
    CHECK(std::ranges::is_sorted(frames));
}
