#include "annotator/document/corrections.h"

#include <doctest/doctest.h>

#include <limits>

#include "tests/support/project_builder.h"
#include "tests/support/small_motion.h"

namespace annotator {
namespace {

using schemas::JointCorrection;
using schemas::JointPoint;
using schemas::PointState;
using schemas::RowChange;
using schemas::StreamId;

JointCorrection correction(std::int64_t id, int joint, schemas::FrameIndex begin, std::vector<JointPoint> points) {
    JointCorrection row;
    row.id = schemas::JointCorrectionId{id};
    row.stream = StreamId{9};
    row.joint = joint;
    row.begin_frame = begin;
    row.end_frame = begin + std::ssize(points);
    row.points = std::move(points);
    row.author = "Ana";
    row.edit = schemas::EditId{1};
    return row;
}

// The arms over 40 frames, in stream 9.
struct Fixture {
    Document document{tests::small_project().skeleton(9, 1, 40).rows};

    void add(const JointCorrection& row) {
        document.apply({"Correct", {RowChange<JointCorrection>{std::nullopt, row}}});
    }
};

}  // namespace

TEST_CASE_FIXTURE(Fixture, "corrections replace what was recorded and nothing else") {
    const schemas::SkeletonSequence recorded = tests::arms_in_motion(40);
    add(correction(1, 2, 10, {{1, 2, 3, 0.5F}, {4, 5, 6, 0.25F}}));
    schemas::SkeletonSequence motion = recorded;
    apply_corrections(motion, document, StreamId{9});
    CHECK(motion.at(11, 2) == Eigen::Vector3f(4, 5, 6));
    CHECK(motion.confidence_at(11, 2) == 0.25F);
    CHECK(motion.at(12, 2) == recorded.at(12, 2));
    CHECK(motion.at(11, 1) == recorded.at(11, 1));
}

TEST_CASE_FIXTURE(Fixture, "an occluded joint has no confidence and keeps its place") {
    JointCorrection hidden = correction(1, 2, 10, {{1, 2, 3, 0.5F}});
    hidden.state = PointState::occluded;
    add(hidden);
    schemas::SkeletonSequence motion = tests::arms_in_motion(40);
    apply_corrections(motion, document, StreamId{9});
    CHECK(motion.confidence_at(10, 2) == 0);
    CHECK(motion.at(10, 2) == Eigen::Vector3f(1, 2, 3));
    CHECK(point_states(document, StreamId{9}, 2, {9, 12}) ==
          std::vector{PointState::seen, PointState::occluded, PointState::seen});
    CHECK(is_corrected(document, StreamId{9}, 2, 10));
    CHECK_FALSE(is_corrected(document, StreamId{9}, 2, 11));
    CHECK_FALSE(is_corrected(document, StreamId{9}, 1, 10));
}

TEST_CASE_FIXTURE(Fixture, "corrections of joints and frames that a recording has lost are left out") {
    add(correction(1, 30, 0, {{1, 2, 3, 1}}));
    add(correction(2, 2, 38, {{1, 2, 3, 1}, {1, 2, 3, 1}}));
    schemas::SkeletonSequence motion = tests::arms_in_motion(5);
    apply_corrections(motion, document, StreamId{9});
    CHECK(motion.positions == tests::arms_in_motion(5).positions);
}

TEST_CASE_FIXTURE(Fixture, "the corrections of a stream come by joint and first frame") {
    add(correction(5, 2, 20, {{1, 1, 1, 1}}));
    add(correction(6, 1, 30, {{1, 1, 1, 1}}));
    add(correction(7, 2, 3, {{1, 1, 1, 1}}));
    const auto ids = document.corrections(StreamId{9});
    CHECK(std::vector(ids.begin(), ids.end()) ==
          std::vector{schemas::JointCorrectionId{6}, schemas::JointCorrectionId{7}, schemas::JointCorrectionId{5}});
    CHECK(document.corrections(StreamId{8}).empty());
}

TEST_CASE_FIXTURE(Fixture, "a joint is corrected once in a frame") {
    add(correction(1, 2, 10, {{1, 1, 1, 1}, {1, 1, 1, 1}}));
    const Document before = document;
    CHECK_THROWS_AS(add(correction(2, 2, 11, {{1, 1, 1, 1}})), EditConflict);
    CHECK_THROWS_AS(add(correction(3, 2, 9, {{1, 1, 1, 1}, {1, 1, 1, 1}})), EditConflict);
    CHECK(document == before);
    add(correction(4, 3, 11, {{1, 1, 1, 1}}));
}

TEST_CASE_FIXTURE(Fixture, "corrections that a recording cannot have are refused") {
    constexpr float nan = std::numeric_limits<float>::quiet_NaN();
    constexpr float infinite = std::numeric_limits<float>::infinity();
    JointCorrection of_nobody = correction(1, 2, 10, {{1, 1, 1, 1}});
    of_nobody.stream = StreamId{77};
    JointCorrection short_one = correction(1, 2, 10, {{1, 1, 1, 1}});
    short_one.end_frame = 12;
    for (const JointCorrection& row :
         {of_nobody, short_one, correction(1, -1, 10, {{1, 1, 1, 1}}), correction(1, 2, 40, {{1, 1, 1, 1}}),
          correction(1, 2, -1, {{1, 1, 1, 1}}), correction(1, 2, 10, {}), correction(1, 2, 10, {{nan, 1, 1, 1}}),
          correction(1, 2, 10, {{1, infinite, 1, 1}}), correction(1, 2, 10, {{1, 1, 1, nan}}),
          correction(1, 2, 10, {{1, 1, 1, 1.5F}}), correction(1, 2, 10, {{1, 1, 1, -0.5F}})})
        CHECK_THROWS_AS(add(row), EditConflict);
    CHECK(document.corrections(StreamId{9}).empty());
}

TEST_CASE("only skeletons have key-points") {
    tests::ProjectBuilder builder = tests::small_project().skeleton(9, 1, 40);
    std::get<std::vector<schemas::Stream>>(builder.rows).front().kind = schemas::StreamKind::video;
    Document document(builder.rows);
    CHECK_THROWS_WITH_AS(
        document.apply({"Correct", {RowChange<JointCorrection>{std::nullopt, correction(1, 2, 10, {{1, 1, 1, 1}})}}}),
        doctest::Contains("only skeletons"), EditConflict);
}

}  // namespace annotator
