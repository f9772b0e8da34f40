#include "annotator/document/pose_commands.h"

#include <doctest/doctest.h>

#include "annotator/document/corrections.h"
#include "annotator/document/pose_tools.h"
#include "tests/support/project_builder.h"
#include "tests/support/small_motion.h"

namespace annotator {
namespace {

using schemas::Edit;
using schemas::FrameIndex;
using schemas::FrameSpan;
using schemas::JointCorrection;
using schemas::JointPoint;
using schemas::PointState;
using schemas::SkeletonSequence;
using schemas::StreamId;

constexpr StreamId stream{9};

// The arms over 400 frames in stream 9, with a fresh stamp for each edit.
struct Fixture {
    SkeletonSequence recorded = tests::arms_in_motion(400);
    Document document{tests::small_project().skeleton(9, 1, 400).rows};
    schemas::IdSource ids{1};
    EditStamp stamp{schemas::EditId{0}, 5, {"Ana", schemas::AuthorKind::person}};

    [[nodiscard]] SkeletonSequence motion() const {
        SkeletonSequence now = recorded;
        apply_corrections(now, document, stream);
        return now;
    }
    Edit apply(const Edit& edit) {
        document.apply(edit);
        return edit;
    }
    const EditStamp& next() {
        stamp.edit = schemas::EditId{static_cast<std::int64_t>(stamp.edit) + 1};
        return stamp;
    }
    Edit correct(const PosePatch& patch) { return apply(correct_joints(document, next(), patch, ids)); }
    Edit reset(FrameSpan span, const std::vector<int>& joints) {
        return apply(reset_joints(document, next(), stream, span, joints, ids));
    }
    // A run of one joint at one height.
    Edit place(int joint, FrameIndex begin, FrameIndex end, float x, std::optional<PointState> state = {}) {
        return correct(
            {stream,
             "Place",
             {{joint, begin, std::vector<JointPoint>(static_cast<std::size_t>(end - begin), {x, 0, 0, 1}), state}}});
    }
    // The rows of a joint as "[begin, end) x state; …".
    [[nodiscard]] std::string rows(int joint) const {
        std::string text;
        for (const auto id : document.corrections(stream)) {
            const auto& row = document.at<JointCorrection>(id);
            if (row.joint != joint) continue;
            text += "[" + std::to_string(row.begin_frame) + ", " + std::to_string(row.end_frame) + ") " +
                    std::to_string(static_cast<int>(row.points.front().x)) +
                    (row.state == PointState::occluded ? " occluded; " : "; ");
        }
        return text;
    }
};

}  // namespace

TEST_CASE_FIXTURE(Fixture, "a correction says who made it, when and in which edit") {
    place(2, 10, 11, 7);
    const auto& row = document.rows<JointCorrection>().begin()->second;
    CHECK(row.author == "Ana");
    CHECK(row.time == 5);
    CHECK(row.edit == schemas::EditId{1});
    CHECK(motion().at(10, 2).x() == 7);
}

TEST_CASE_FIXTURE(Fixture, "a later correction replaces what it covers of an earlier one") {
    place(2, 10, 20, 7);
    place(2, 15, 25, 8);
    CHECK(rows(2) == "[10, 15) 7; [15, 25) 8; ");
    place(2, 12, 13, 9);
    CHECK(rows(2) == "[10, 12) 7; [12, 13) 9; [13, 15) 7; [15, 25) 8; ");
    place(2, 0, 30, 1);
    CHECK(rows(2) == "[0, 30) 1; ");
}

TEST_CASE_FIXTURE(Fixture, "the same frames corrected again keep their row") {
    place(2, 10, 11, 7);
    const auto id = document.rows<JointCorrection>().begin()->first;
    CHECK(place(2, 10, 11, 8).changes.size() == 1);
    CHECK(document.rows<JointCorrection>().begin()->first == id);
}

TEST_CASE_FIXTURE(Fixture, "what is said already is no edit") {
    place(2, 10, 20, 7);
    CHECK(place(2, 10, 20, 7).changes.empty());
}

TEST_CASE_FIXTURE(Fixture, "several runs of a joint in one edit cut one row once") {
    place(2, 10, 30, 7);
    correct({stream, "Two", {{2, 12, {{1, 0, 0, 1}}, {}}, {2, 20, {{2, 0, 0, 1}}, {}}}});
    CHECK(rows(2) == "[10, 12) 7; [12, 13) 1; [13, 20) 7; [20, 21) 2; [21, 30) 7; ");
}

TEST_CASE_FIXTURE(Fixture, "long runs are stored in parts, so that one frame of them is little to write") {
    place(2, 0, 200, 7);
    CHECK(rows(2) == "[0, 64) 7; [64, 128) 7; [128, 192) 7; [192, 200) 7; ");
    CHECK(place(2, 70, 71, 9).changes.size() == 3);
}

TEST_CASE_FIXTURE(Fixture, "a patch without a state leaves joints as occluded as they were") {
    place(2, 10, 20, 7, PointState::occluded);
    place(2, 15, 25, 8);
    CHECK(rows(2) == "[10, 15) 7 occluded; [15, 20) 8 occluded; [20, 25) 8; ");
    CHECK(motion().confidence_at(17, 2) == 0);
}

TEST_CASE_FIXTURE(Fixture, "an occluded joint is still occluded after its sides were swapped") {
    place(2, 10, 12, 7, PointState::occluded);
    const SkeletonSequence now = motion();
    correct(swapped_sides({stream, now}, document, {10, 12}, {}));
    CHECK(rows(4) == "[10, 12) 7 occluded; ");
    CHECK(point_states(document, stream, 2, {10, 12}) == std::vector{PointState::seen, PointState::seen});
}

TEST_CASE_FIXTURE(Fixture, "reset joints are as they were recorded") {
    place(2, 10, 20, 7);
    place(4, 10, 20, 7);
    reset({12, 15}, {2});
    CHECK(rows(2) == "[10, 12) 7; [15, 20) 7; ");
    reset({0, 400}, {});
    CHECK(motion().positions == recorded.positions);
    CHECK(document.corrections(stream).empty());
}

TEST_CASE_FIXTURE(Fixture, "resetting what was not corrected is no edit") {
    CHECK(reset({0, 400}, {}).changes.empty());
    CHECK_THROWS_AS(reset({5, 5}, {}), EditConflict);
}

TEST_CASE_FIXTURE(Fixture, "undo brings back every row, also of cut ones") {
    place(2, 0, 200, 7);
    const Document before = document;
    const Edit edit = place(2, 30, 100, 9);
    const Document after = document;
    apply(schemas::inverse(edit));
    CHECK(document == before);
    apply(edit);
    CHECK(document == after);
}

TEST_CASE_FIXTURE(Fixture, "a stream that is gone cannot be corrected") {
    const PosePatch patch{StreamId{77}, "Place", {{2, 0, {{1, 1, 1, 1}}, {}}}};
    CHECK_THROWS_AS(correct_joints(document, next(), patch, ids), EditConflict);
    CHECK_THROWS_AS(reset_joints(document, next(), StreamId{77}, {0, 1}, {}, ids), EditConflict);
}

TEST_CASE_FIXTURE(Fixture, "a correction holds as long as its recording has that frame") {
    CHECK_THROWS_AS(place(2, 399, 401, 7), EditConflict);
    CHECK_THROWS_AS(place(-1, 3, 4, 7), EditConflict);
    CHECK(document.corrections(stream).empty());
}

}  // namespace annotator
