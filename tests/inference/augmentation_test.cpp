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
