#include "schemas/bones.h"

#include <doctest/doctest.h>

#include "tests/support/small_motion.h"

using namespace schemas;

TEST_CASE("a bone is as long as in most frames") {
    SkeletonSequence motion = tests::arms_in_motion(5);
    motion.set(2, 2, {9, 9, 9});
    const auto lengths = bone_lengths(motion);
    CHECK(lengths[0] == 0);
    CHECK(lengths[2] == doctest::Approx(1));
    CHECK(lengths[4] == doctest::Approx(1));
}

TEST_CASE("frames in which an end was not seen say nothing about a bone") {
    SkeletonSequence motion = tests::arms_in_motion(3);
    for (FrameIndex frame = 0; frame < 3; ++frame) tests::hide(motion, frame, 2);
    CHECK(bone_lengths(motion)[2] == 0);
    CHECK(bone_lengths(motion)[1] == doctest::Approx(1));
}

TEST_CASE("joints come from the root outwards") {
    CHECK(joints_from_root(*tests::arms_layout()) == std::vector{0, 1, 3, 2, 4});
    CHECK(joints_below(*tests::arms_layout(), 3) == std::vector{3, 4});
}

TEST_CASE("bones get their length and keep their direction, and what hangs from them follows") {
    SkeletonSequence motion = tests::arms_in_motion(1);
    motion.set(0, 1, {2, 1, 0});  // the left elbow, three metres out
    set_bone_lengths(motion, 0, {0, 1, 1, 1, 1});
    CHECK((motion.at(0, 1) - Eigen::Vector3f(4, 1, 0)).norm() == doctest::Approx(0));
    CHECK((motion.at(0, 2) - motion.at(0, 1)).norm() == doctest::Approx(1));
    CHECK((motion.at(0, 4) - Eigen::Vector3f(7, 1, 0)).norm() == doctest::Approx(0));
}
