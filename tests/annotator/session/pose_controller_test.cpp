#include "annotator/session/pose_controller.h"

#include <doctest/doctest.h>

#include <numeric>

#include "annotator/document/corrections.h"
#include "annotator/document/pose_commands.h"
#include "annotator/document/taxonomy_commands.h"
#include "tests/annotator/small_recordings.h"
#include "tests/support/small_motion.h"

namespace annotator {
namespace {

using schemas::FrameIndex;
using schemas::SkeletonSequence;
using schemas::StreamId;

// A clip of 30 frames is shown, at frame 10. Its skeleton is given to the test: arms that move up, recorded in the
// frames 0 to 29 of the stream.
struct Fixture {
    tests::TemporaryFolder folder;
    EditorModel model{tests::project_of_four(folder), [] {}};
    PoseController pose{model};
    StreamId stream{};

    Fixture() {
        const Document& document = model.document();
        const schemas::Clip& clip = *clip_named(document, "a01_s01_e01");
        model.state.clip = clip.id;
        model.frame = 10;
        stream = document.streams(clip.take).front();
        show(tests::arms_in_motion(30));
        pose.perform(Action::edit_key_points);
    }

    void show(SkeletonSequence recorded) {
        std::vector<FrameIndex> frames(30);
        std::iota(frames.begin(), frames.end(), 0);
        show(std::move(recorded), frames);
    }
    void show(SkeletonSequence recorded, std::vector<FrameIndex> frames) {
        const schemas::Clip& clip = *model.clip();
        auto media = std::make_shared<ClipMedia>();
        media->clip = clip.id;
        media->take = clip.take;
        media->span = {0, std::ssize(frames)};
        auto shared = std::make_shared<const SkeletonSequence>(std::move(recorded));
        ClipMedia::Skeleton skeleton;
        skeleton.stream = stream;
        skeleton.name = "arms";
        skeleton.recorded = skeleton.sequence = shared;
        skeleton.stream_frames = std::move(frames);
        media->skeletons.push_back(skeleton);
        model.media = media;
        pose.tick();
    }
    [[nodiscard]] const SkeletonSequence& shown() const { return *model.media->skeletons.front().sequence; }
    [[nodiscard]] std::size_t edits() const { return model.session.journal().done.size(); }
    void select(std::vector<int> joints) { pose.handle(SelectJoints{stream, std::move(joints)}); }
    [[nodiscard]] std::string notice() const {
        return model.state.notices.empty() ? "" : model.state.notices.back().text;
    }
};

}  // namespace

TEST_CASE_FIXTURE(Fixture, "joints are selected alone, added and toggled, and never twice") {
    pose.handle(SelectJoint{stream, 3});
    pose.handle(SelectJoint{stream, 1, SelectHow::add});
    pose.handle(SelectJoint{stream, 1, SelectHow::add});
    CHECK(model.state.joints.joints == std::vector{1, 3});
    pose.handle(SelectJoint{stream, 3, SelectHow::toggle});
    CHECK(model.state.joints.joints == std::vector{1});
    pose.handle(SelectJoint{stream, 4});
    CHECK(model.state.joints.joints == std::vector{4});
}

TEST_CASE_FIXTURE(Fixture, "joints and skeletons that there are not cannot be selected") {
    select({-1, 5, 2});
    CHECK(model.state.joints.joints == std::vector{2});
    pose.handle(SelectJoint{StreamId{77}, 1});
    CHECK(model.state.joints.joints == std::vector{2});
}

TEST_CASE_FIXTURE(Fixture, "while key-points are edited, Tab goes from joint to joint and round") {
    CHECK(pose.perform(Action::next_line));
    CHECK(model.state.joints.joints == std::vector{0});
    pose.perform(Action::previous_line);
    CHECK(model.state.joints.joints == std::vector{4});
    pose.perform(Action::select_all);
    CHECK(model.state.joints.joints.size() == 5);
    CHECK(pose.perform(Action::clear_selection));
    CHECK(model.state.joints.joints.empty());
}

TEST_CASE_FIXTURE(Fixture, "keys of labels are those of labels again when key-points are no more edited") {
    select({2});
    pose.perform(Action::edit_key_points);
    for (const Action action : {Action::next_line, Action::remove, Action::make_segment, Action::clear_selection})
        CHECK_FALSE(pose.perform(action));
    CHECK(model.state.joints.joints.empty());
}

TEST_CASE_FIXTURE(Fixture, "a moved joint is one edit, and what is shown follows it, undo too") {
    const Eigen::Vector3f before = shown().at(10, 2);
    const auto edits_before = edits();
    pose.handle(MoveJoint{stream, 10, 2, 1, 2, 3});
    CHECK(edits() == edits_before + 1);
    CHECK(shown().at(10, 2) == Eigen::Vector3f(1, 2, 3));
    model.session.undo();
    ++model.revision;
    CHECK(pose.tick());
    CHECK(shown().at(10, 2) == before);
    CHECK_FALSE(pose.tick());
}

TEST_CASE_FIXTURE(Fixture, "dragging changes nothing until the mouse is released") {
    const auto edits_before = edits();
    pose.handle(DragJoint{{stream, 10, 2, 1, 2, 3}});
    pose.handle(DragJoint{{stream, 10, 2, 2, 2, 3}});
    REQUIRE(model.state.pose_preview);
    CHECK(model.state.pose_preview->kind == PosePreview::Kind::drag);
    CHECK(point_of(model.state.pose_preview->patch, 2, 10)->x == 2);
    CHECK(edits() == edits_before);
    pose.perform(Action::clear_selection);
    CHECK_FALSE(model.state.pose_preview);
    pose.handle(DragJoint{{stream, 10, 2, 1, 2, 3}});
    pose.handle(MoveJoint{stream, 10, 2, 1, 2, 3});
    CHECK_FALSE(model.state.pose_preview);
    CHECK(edits() == edits_before + 1);
}

TEST_CASE_FIXTURE(Fixture, "of several selected joints all are moved") {
    select({1, 2});
    const Eigen::Vector3f elbow = shown().at(10, 1), hand = shown().at(10, 2);
    pose.handle(MoveJoint{stream, 10, 2, hand.x(), hand.y() + 1, hand.z()});
    CHECK(shown().at(10, 1).y() == doctest::Approx(elbow.y() + 1));
    pose.handle(MoveJoint{stream, 10, 4, 1, 1, 1});
    CHECK(shown().at(10, 4) == Eigen::Vector3f(1, 1, 1));
    CHECK(shown().at(10, 1).y() == doctest::Approx(elbow.y() + 1));
}

TEST_CASE_FIXTURE(Fixture, "selected joints are nudged by keys: up is up in space and in a picture") {
    select({2});
    const float y = shown().at(10, 2).y();
    pose.perform(Action::nudge_joint_up);
    CHECK(shown().at(10, 2).y() == doctest::Approx(y + 0.005));
    show(tests::arms_in_motion(30, schemas::CoordinateSpace::pixels));
    model.session.undo();
    ++model.revision;
    pose.tick();
    const float v = shown().at(10, 2).y();
    pose.perform(Action::nudge_joint_up);
    CHECK(shown().at(10, 2).y() == doctest::Approx(v - 1));
    const auto edits_before = edits();
    pose.perform(Action::nudge_joint_nearer);
    CHECK(edits() == edits_before);
}

TEST_CASE_FIXTURE(Fixture, "corrections count in the frames of the stream, and show wherever these are shown") {
    std::vector<FrameIndex> frames(30, -1);
    for (std::size_t i = 10; i < 30; ++i) frames[i] = static_cast<FrameIndex>(i - 10) / 2;  // half the rate, later
    show(tests::arms_in_motion(30), frames);
    pose.handle(MoveJoint{stream, 13, 2, 1, 2, 3});
    CHECK(is_corrected(model.document(), stream, 2, 1));
    CHECK(shown().at(12, 2) == Eigen::Vector3f(1, 2, 3));
    CHECK(shown().at(13, 2) == Eigen::Vector3f(1, 2, 3));
    CHECK(shown().at(14, 2) != Eigen::Vector3f(1, 2, 3));
    const auto edits_before = edits();
    pose.handle(MoveJoint{stream, 3, 2, 1, 2, 3});
    CHECK(edits() == edits_before);
    CHECK(notice().find("no frame here") != std::string::npos);
}

TEST_CASE_FIXTURE(Fixture, "marking joints as occluded works on the frame, or on the marked frames, and back") {
    select({2});
    pose.perform(Action::mark_occluded);
    CHECK(shown().confidence_at(10, 2) == 0);
    CHECK(shown().confidence_at(11, 2) == 1);
    model.state.mark_in = 5;
    model.state.mark_out = 8;
    pose.perform(Action::mark_occluded);
    CHECK(shown().confidence_at(5, 2) == 0);
    CHECK(shown().confidence_at(7, 2) == 0);
    CHECK(shown().confidence_at(8, 2) == 1);
    pose.perform(Action::mark_occluded);
    CHECK(shown().confidence_at(5, 2) == 1);
}

TEST_CASE_FIXTURE(Fixture, "a gap is found and filled from its ends") {
    SkeletonSequence recorded = tests::arms_in_motion(30);
    for (FrameIndex frame = 9; frame < 12; ++frame) tests::hide(recorded, frame, 2);
    show(recorded);
    select({2});
    pose.perform(Action::interpolate_gap);
    CHECK(shown().at(10, 2).y() == doctest::Approx(2));
    CHECK(shown().confidence_at(10, 2) == 1);
    model.frame = 20;
    const auto edits_before = edits();
    pose.perform(Action::interpolate_gap);
    CHECK(edits() == edits_before);
    CHECK(notice().find("I and O") != std::string::npos);
}

TEST_CASE_FIXTURE(Fixture, "a joint that is interpolated is seen again, where bones keep lengths, too") {
    select({2});
    model.state.mark_in = 9;
    model.state.mark_out = 12;
    pose.perform(Action::mark_occluded);
    CHECK(shown().confidence_at(10, 2) == 0);
    pose.perform(Action::lock_bones);
    pose.perform(Action::interpolate_gap);
    for (const auto state : point_states(model.document(), stream, 2, {9, 12}))
        CHECK(state == schemas::PointState::seen);
    CHECK(shown().confidence_at(10, 2) == 1);
}

TEST_CASE_FIXTURE(Fixture, "smoothing is shown first, applied by Enter and dropped by Escape") {
    SkeletonSequence recorded = tests::arms_in_motion(30);
    recorded.set(15, 2, recorded.at(15, 2) + Eigen::Vector3f(0, 0.5F, 0));
    show(recorded);
    const auto edits_before = edits();
    pose.perform(Action::smooth_key_points);
    REQUIRE(model.state.pose_preview);
    CHECK(model.state.pose_preview->kind == PosePreview::Kind::offer);
    CHECK(edits() == edits_before);
    CHECK(shown().at(15, 2) == recorded.at(15, 2));
    CHECK(pose.perform(Action::clear_selection));
    CHECK_FALSE(model.state.pose_preview);
    pose.perform(Action::smooth_key_points);
    CHECK(pose.perform(Action::make_segment));
    CHECK(edits() == edits_before + 1);
    CHECK_FALSE(model.state.pose_preview);
    CHECK(shown().at(15, 2).y() < recorded.at(15, 2).y() - 0.01F);
    CHECK_FALSE(pose.perform(Action::make_segment));
}

TEST_CASE_FIXTURE(Fixture, "asked for smoothing again, more is offered") {
    SkeletonSequence recorded = tests::arms_in_motion(30);
    recorded.set(15, 2, recorded.at(15, 2) + Eigen::Vector3f(0, 0.5F, 0));
    show(recorded);
    select({2});
    pose.perform(Action::smooth_key_points);
    const float once = point_of(model.state.pose_preview->patch, 2, 15)->y;
    CHECK(point_of(model.state.pose_preview->patch, 1, 15) == nullptr);
    pose.perform(Action::smooth_key_points);
    CHECK(point_of(model.state.pose_preview->patch, 2, 15)->y < once);
    pose.handle(SetSmoothingTrust{1});
    CHECK(point_of(model.state.pose_preview->patch, 2, 15)->y > once);
}

TEST_CASE_FIXTURE(Fixture, "what is on offer is dropped when the key-points under it change") {
    pose.perform(Action::smooth_key_points);
    REQUIRE(model.state.pose_preview);
    model.session.commit([&](const EditStamp& stamp) {
        return correct_joints(model.document(), stamp, {stream, "Place", {{2, 3, {{1, 1, 1, 1}}, {}}}},
                              model.session.ids());
    });
    ++model.revision;
    pose.tick();
    CHECK_FALSE(model.state.pose_preview);
}

TEST_CASE_FIXTURE(Fixture, "a pose is copied forward, and the next frame is shown") {
    pose.perform(Action::copy_pose_forward);
    CHECK(shown().at(11, 2) == shown().at(10, 2));
    const auto asked = model.outbox.take();
    REQUIRE(asked.size() == 1);
    CHECK(std::get<Seek>(std::get<PlaybackIntent>(asked.front())).frame == 11);
}

TEST_CASE_FIXTURE(Fixture, "a pose is copied as far as the next picture, whatever frames the skeleton has") {
    const auto shown_next = [&] {
        const auto asked = model.outbox.take();
        REQUIRE(asked.size() == 1);
        return std::get<Seek>(std::get<PlaybackIntent>(asked.front())).frame;
    };
    std::vector<FrameIndex> twice, half;
    for (FrameIndex i = 0; i < 15; ++i) twice.push_back(2 * i);
    for (FrameIndex i = 0; i < 30; ++i) half.push_back(i / 2);
    show(tests::arms_in_motion(30), twice);
    pose.perform(Action::copy_pose_forward);  // of the stream's frame 20
    CHECK(shown_next() == 11);
    for (const FrameIndex own : {21, 22}) CHECK(is_corrected(model.document(), stream, 2, own));
    CHECK_FALSE(is_corrected(model.document(), stream, 2, 23));
    CHECK(shown().at(11, 2) == shown().at(10, 2));

    show(tests::arms_in_motion(30), half);
    pose.perform(Action::copy_pose_forward);  // of the stream's frame 5
    CHECK(shown_next() == 12);
    CHECK(is_corrected(model.document(), stream, 2, 6));
    model.frame = 29;
    const auto edits_before = edits();
    pose.perform(Action::copy_pose_forward);
    CHECK(edits() == edits_before);
    CHECK(notice().find("no frame behind") != std::string::npos);
}

TEST_CASE_FIXTURE(Fixture, "sides are swapped over the marked frames") {
    model.state.mark_in = 4;
    model.state.mark_out = 6;
    const Eigen::Vector3f left = shown().at(4, 2);
    pose.perform(Action::swap_sides);
    CHECK(shown().at(4, 4) == left);
    CHECK(shown().at(5, 4) != tests::arms_in_motion(30).at(5, 4));
    CHECK(shown().at(6, 4) == tests::arms_in_motion(30).at(6, 4));
}

TEST_CASE_FIXTURE(Fixture, "Del puts selected joints back to what was recorded") {
    pose.handle(MoveJoint{stream, 10, 2, 1, 2, 3});
    CHECK_FALSE(pose.perform(Action::remove));
    select({2});
    CHECK(pose.perform(Action::remove));
    CHECK(shown().at(10, 2) == tests::arms_in_motion(30).at(10, 2));
}

TEST_CASE_FIXTURE(Fixture, "tools say what they need") {
    pose.perform(Action::mark_occluded);
    CHECK(notice().find("Tab") != std::string::npos);
    model.media = nullptr;
    pose.tick();
    pose.perform(Action::smooth_key_points);
    CHECK(notice().find("no key-points") != std::string::npos);
    pose.handle(MoveJoint{stream, 10, 2, 1, 2, 3});
    CHECK(notice().find("is gone") != std::string::npos);
}

TEST_CASE_FIXTURE(Fixture, "a read-only project keeps its key-points") {
    model.read_only_because = "Somebody else has it open.";
    pose.handle(MoveJoint{stream, 10, 2, 1, 2, 3});
    CHECK(shown().at(10, 2) == tests::arms_in_motion(30).at(10, 2));
    CHECK(notice() == "Somebody else has it open.");
}

TEST_CASE_FIXTURE(Fixture, "every joint that is selected can be moved without the mouse, in every direction") {
    select({2});
    const Eigen::Vector3f before = shown().at(10, 2);
    for (const Action action : {Action::nudge_joint_left, Action::nudge_joint_down, Action::nudge_joint_farther})
        pose.perform(action);
    CHECK((shown().at(10, 2) - before - Eigen::Vector3f(-0.005F, -0.005F, 0.005F)).norm() < 1e-5F);
    for (const Action action : {Action::nudge_joint_right, Action::nudge_joint_up, Action::nudge_joint_nearer})
        pose.perform(action);
    CHECK((shown().at(10, 2) - before).norm() < 1e-5F);
}

}  // namespace annotator
