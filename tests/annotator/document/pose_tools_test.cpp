#include "annotator/document/pose_tools.h"

#include <doctest/doctest.h>

#include <limits>

#include "schemas/bones.h"
#include "tests/support/project_builder.h"
#include "tests/support/small_motion.h"

namespace annotator {
namespace {

using Eigen::Vector3f;
using schemas::CoordinateSpace;
using schemas::FrameIndex;
using schemas::PointState;
using schemas::SkeletonSequence;
using schemas::StreamId;

constexpr float nan = std::numeric_limits<float>::quiet_NaN();

struct Fixture {
    SkeletonSequence motion = tests::arms_in_motion(40);
    Document document{tests::small_project().skeleton(9, 1, 40).rows};

    [[nodiscard]] StreamMotion of() const { return {StreamId{9}, motion}; }
    [[nodiscard]] SkeletonSequence after(const PosePatch& patch) const {
        SkeletonSequence result = motion;
        write_patch(result, patch);
        return result;
    }
};

bool near(const Vector3f& a, const Vector3f& b) { return (a - b).norm() < 1e-4F; }

float bone(const SkeletonSequence& motion, FrameIndex frame, std::size_t joint) {
    return (motion.at(frame, joint) - motion.at(frame, static_cast<std::size_t>(motion.layout->parents[joint]))).norm();
}

std::size_t differing_joints(const SkeletonSequence& a, const SkeletonSequence& b, FrameIndex frame) {
    std::size_t count = 0;
    for (std::size_t joint = 0; joint < a.joints(); ++joint)
        count += near(a.at(frame, joint), b.at(frame, joint)) ? 0 : 1;
    return count;
}

}  // namespace

TEST_CASE_FIXTURE(Fixture, "a joint is moved in one frame, alone, and is sure then") {
    motion.confidence.assign(motion.confidence.size(), 0.4F);
    const SkeletonSequence moved = after(moved_joint(of(), 10, 2, {1, 5, 2}, {}, Bones::free));
    CHECK(moved.at(10, 2) == Vector3f(1, 5, 2));
    CHECK(moved.confidence_at(10, 2) == 1);
    CHECK(differing_joints(moved, motion, 10) == 1);
    CHECK(differing_joints(moved, motion, 11) == 0);
}

TEST_CASE_FIXTURE(Fixture, "joints that are moved along go as far") {
    const Vector3f offset(0.5F, -1, 2);
    const SkeletonSequence moved = after(moved_joint(of(), 10, 2, motion.at(10, 2) + offset, {2, 4}, Bones::free));
    CHECK(near(moved.at(10, 4), motion.at(10, 4) + offset));
    CHECK(differing_joints(moved, motion, 10) == 2);
}

TEST_CASE_FIXTURE(Fixture, "with bone lengths kept, what hangs from a joint follows stiffly") {
    // The left elbow is pulled up, far beyond its bone.
    const SkeletonSequence moved =
        after(moved_joint(of(), 10, 1, motion.at(10, 0) + Vector3f(0, 3, 0), {}, Bones::keep_lengths));
    CHECK(near(moved.at(10, 1), motion.at(10, 0) + Vector3f(0, 1, 0)));
    CHECK(near(moved.at(10, 2), motion.at(10, 0) + Vector3f(0, 2, 0)));
    CHECK(differing_joints(moved, motion, 10) == 2);
}

TEST_CASE_FIXTURE(Fixture, "with bone lengths kept, an arm that is moved whole keeps every length") {
    const SkeletonSequence moved =
        after(moved_joint(of(), 10, 1, motion.at(10, 1) + Vector3f(0.3F, 0.4F, 0.5F), {1, 2}, Bones::keep_lengths));
    for (const std::size_t joint : {1U, 2U, 3U, 4U}) CHECK(bone(moved, 10, joint) == doctest::Approx(1));
}

TEST_CASE_FIXTURE(Fixture, "with bone lengths kept, the root takes the body with it") {
    const SkeletonSequence moved =
        after(moved_joint(of(), 10, 0, motion.at(10, 0) + Vector3f(1, 1, 1), {}, Bones::keep_lengths));
    for (std::size_t joint = 0; joint < 5; ++joint)
        CHECK(near(moved.at(10, joint), motion.at(10, joint) + Vector3f(1, 1, 1)));
}

TEST_CASE_FIXTURE(Fixture, "a limb in pixels turns in the picture and keeps the length that it has there") {
    motion = tests::arms_in_motion(40, CoordinateSpace::pixels);
    motion.set(10, 1, motion.at(10, 0) + Vector3f(-50, 0, 3));  // foreshortened
    const SkeletonSequence moved =
        after(moved_joint(of(), 10, 1, motion.at(10, 0) + Vector3f(0, -400, 3), {}, Bones::keep_lengths));
    CHECK(near(moved.at(10, 1), motion.at(10, 0) + Vector3f(0, -50, 3)));
    CHECK(moved.at(10, 2).z() == doctest::Approx(motion.at(10, 2).z()));
}

TEST_CASE_FIXTURE(Fixture, "an unseen joint can be placed") {
    tests::hide(motion, 10, 2);
    const SkeletonSequence moved = after(moved_joint(of(), 10, 2, {1, 5, 2}, {}, Bones::keep_lengths));
    CHECK(moved.at(10, 2) == Vector3f(1, 5, 2));
    CHECK(moved.confidence_at(10, 2) == 1);
}

TEST_CASE_FIXTURE(Fixture, "frames and joints that there are not, and places that are no numbers, are refused") {
    CHECK_THROWS_AS(moved_joint(of(), 40, 2, {1, 1, 1}, {}, Bones::free), EditConflict);
    CHECK_THROWS_AS(moved_joint(of(), -1, 2, {1, 1, 1}, {}, Bones::free), EditConflict);
    CHECK_THROWS_AS(moved_joint(of(), 10, 5, {1, 1, 1}, {}, Bones::free), EditConflict);
    CHECK_THROWS_AS(moved_joint(of(), 10, -1, {1, 1, 1}, {}, Bones::free), EditConflict);
    CHECK_THROWS_AS(moved_joint(of(), 10, 2, {1, 1, 1}, {9}, Bones::free), EditConflict);
    CHECK_THROWS_AS(moved_joint(of(), 10, 2, {nan, 1, 1}, {}, Bones::free), EditConflict);
    CHECK_THROWS_AS(marked_joints(of(), {5, 5}, {2}, PointState::occluded), EditConflict);
    CHECK_THROWS_AS(interpolated_joints(of(), {5, 50}, {2}, Bones::free), EditConflict);
    CHECK_THROWS_AS(swapped_sides(of(), document, {5, 6}, {7}), EditConflict);
    CHECK_THROWS_AS(pose_copied_forward(of(), document, 39, 40, {}), EditConflict);
    CHECK_THROWS_AS(pose_copied_forward(of(), document, 7, 7, {}), EditConflict);
    CHECK_THROWS_AS(settled_bones(of(), {-2, 3}), EditConflict);
    CHECK_THROWS_AS(gap_around(motion, 99, 2), EditConflict);
    CHECK_THROWS_AS(taken_over(of(), "x", tests::arms_in_motion(5), {4, 7}, {}), EditConflict);
}

TEST_CASE_FIXTURE(Fixture, "occluded joints lose their confidence, and are sure when they are seen again") {
    const SkeletonSequence hidden = after(marked_joints(of(), {3, 6}, {2, 4}, PointState::occluded));
    CHECK(hidden.confidence_at(4, 2) == 0);
    CHECK(hidden.at(4, 2) == motion.at(4, 2));
    CHECK(hidden.confidence_at(6, 2) == 1);
    CHECK(after(marked_joints({StreamId{9}, hidden}, {3, 6}, {2}, PointState::seen)).confidence_at(4, 2) == 1);
}

TEST_CASE_FIXTURE(Fixture, "positions that are no numbers become marks at the origin") {
    motion.set(4, 2, {nan, nan, nan});
    const PosePatch patch = marked_joints(of(), {4, 5}, {2}, PointState::occluded);
    CHECK(patch.runs.at(0).points.at(0) == schemas::JointPoint{});
}

TEST_CASE_FIXTURE(Fixture, "a gap reaches as far as the joint is unseen or unsure") {
    tests::hide(motion, 10, 2);
    motion.confidence[11 * 5 + 2] = 0.1F;
    CHECK(gap_around(motion, 11, 2) == schemas::FrameSpan{10, 12});
    CHECK_FALSE(gap_around(motion, 12, 2));
}

TEST_CASE_FIXTURE(Fixture, "interpolating over a short gap follows the motion outside") {
    // Along a parabola, which a cubic with the right slopes meets nearly.
    for (FrameIndex frame = 0; frame < 40; ++frame)
        motion.set(frame, 2, {static_cast<float>(frame), 0.01F * static_cast<float>(frame * frame), 0});
    const SkeletonSequence truth = motion;
    for (FrameIndex frame = 20; frame < 24; ++frame) tests::hide(motion, frame, 2);
    motion.confidence[19 * 5 + 2] = 0.6F;
    const SkeletonSequence filled = after(interpolated_joints(of(), {20, 24}, {2}, Bones::free));
    for (FrameIndex frame = 20; frame < 24; ++frame) {
        CHECK((filled.at(frame, 2) - truth.at(frame, 2)).norm() < 0.05F);  // a line would miss by 0.06
        CHECK(filled.confidence_at(frame, 2) == 0.6F);
    }
}

TEST_CASE_FIXTURE(Fixture, "where nothing is known of the motion outside, interpolating goes along a line") {
    for (const FrameIndex frame : {8, 10, 11, 13}) tests::hide(motion, frame, 2);
    const SkeletonSequence filled = after(interpolated_joints(of(), {10, 12}, {2}, Bones::free));
    CHECK(near(filled.at(10, 2), motion.at(9, 2) + (motion.at(12, 2) - motion.at(9, 2)) / 3));
}

TEST_CASE_FIXTURE(Fixture, "a long gap does not swing far out, however fast its ends are") {
    for (FrameIndex frame = 0; frame < 40; ++frame)
        motion.set(frame, 2, {static_cast<float>(frame < 20 ? frame : 39 - frame), 0, 0});
    for (FrameIndex frame = 6; frame < 34; ++frame) tests::hide(motion, frame, 2);
    const SkeletonSequence filled = after(interpolated_joints(of(), {6, 34}, {2}, Bones::free));
    for (FrameIndex frame = 6; frame < 34; ++frame) CHECK(filled.at(frame, 2).x() < 5 + 1.5F);
}

TEST_CASE_FIXTURE(Fixture, "interpolating may keep bone lengths") {
    // The left hand moves round its elbow.
    for (FrameIndex frame = 0; frame < 40; ++frame) {
        const float angle = 0.2F * static_cast<float>(frame);
        motion.set(frame, 2, motion.at(frame, 1) + Vector3f(std::cos(angle), std::sin(angle), 0));
    }
    for (FrameIndex frame = 10; frame < 20; ++frame) tests::hide(motion, frame, 2);
    const SkeletonSequence filled = after(interpolated_joints(of(), {10, 20}, {2}, Bones::keep_lengths));
    for (FrameIndex frame = 10; frame < 20; ++frame) CHECK(bone(filled, frame, 2) == doctest::Approx(1));
}

TEST_CASE_FIXTURE(Fixture, "joints that are interpolated are seen, whether bones keep their lengths or not") {
    for (const Bones bones : {Bones::free, Bones::keep_lengths}) {
        const PosePatch patch = interpolated_joints(of(), {10, 12}, {1, 2}, bones);
        REQUIRE(patch.runs.size() == 2);
        for (const JointRun& run : patch.runs) CHECK(run.state == PointState::seen);
    }
}

TEST_CASE_FIXTURE(Fixture, "a gap without a good frame on either side cannot be interpolated") {
    CHECK_THROWS_WITH_AS(interpolated_joints(of(), {0, 3}, {2}, Bones::free), doctest::Contains("left hand"),
                         EditConflict);
    CHECK_THROWS_AS(interpolated_joints(of(), {37, 40}, {2}, Bones::free), EditConflict);
    tests::hide(motion, 9, 2);
    CHECK_THROWS_AS(interpolated_joints(of(), {10, 12}, {2}, Bones::free), EditConflict);
}

TEST_CASE_FIXTURE(Fixture, "settled bones are as long in every frame") {
    for (FrameIndex frame = 0; frame < 40; ++frame)
        motion.set(frame, 2, motion.at(frame, 2) + Vector3f(-0.05F * static_cast<float>(frame % 7), 0, 0));
    const auto lengths = schemas::bone_lengths(motion);
    const SkeletonSequence settled = after(settled_bones(of(), {5, 30}));
    for (FrameIndex frame = 5; frame < 30; ++frame)
        for (const std::size_t joint : {1U, 2U, 3U, 4U})
            CHECK(bone(settled, frame, joint) == doctest::Approx(lengths[joint]));
    CHECK(settled.at(4, 2) == motion.at(4, 2));
}

TEST_CASE_FIXTURE(Fixture, "key-points in pixels have no bones to settle") {
    motion = tests::arms_in_motion(40, CoordinateSpace::pixels);
    CHECK_THROWS_WITH_AS(settled_bones(of(), {5, 30}), doctest::Contains("pixels"), EditConflict);
}

TEST_CASE_FIXTURE(Fixture, "left and right change places, twice is as before") {
    const SkeletonSequence swapped = after(swapped_sides(of(), document, {5, 9}, {}));
    CHECK(swapped.at(6, 1) == motion.at(6, 3));
    CHECK(swapped.at(6, 4) == motion.at(6, 2));
    CHECK(swapped.at(6, 0) == motion.at(6, 0));
    CHECK(swapped.at(9, 1) == motion.at(9, 1));
    SkeletonSequence back = swapped;
    write_patch(back, swapped_sides({StreamId{9}, swapped}, document, {5, 9}, {}));
    CHECK(back.positions == motion.positions);
}

TEST_CASE_FIXTURE(Fixture, "only the pairs that are named change places") {
    const SkeletonSequence swapped = after(swapped_sides(of(), document, {5, 9}, {4}));
    CHECK(swapped.at(6, 2) == motion.at(6, 4));
    CHECK(swapped.at(6, 1) == motion.at(6, 1));
    CHECK_THROWS_AS(swapped_sides(of(), document, {5, 9}, {0}), EditConflict);
}

TEST_CASE_FIXTURE(Fixture, "a pose is copied to the frames behind it") {
    const SkeletonSequence copied = after(pose_copied_forward(of(), document, 7, 9, {}));
    for (std::size_t joint = 0; joint < 5; ++joint)
        for (const FrameIndex frame : {8, 9}) CHECK(copied.at(frame, joint) == motion.at(7, joint));
    CHECK(differing_joints(copied, motion, 10) == 0);
    CHECK(differing_joints(after(pose_copied_forward(of(), document, 7, 8, {2})), motion, 8) == 1);
}

TEST_CASE("joints are named for people") {
    CHECK(joints_text(*tests::arms_layout(), {1}) == "left elbow");
    CHECK(joints_text(*tests::arms_layout(), {1, 2}) == "2 joints");
}

}  // namespace annotator
