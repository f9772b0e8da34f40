#include "inference/stream_rows.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <stdexcept>

#include "tests/inference/motions.h"
#include "tests/inference/streams.h"

using namespace inference;
using namespace inference_tests;
using schemas::FrameIndex;
using schemas::FrameSpan;

namespace {

// The x of every joint is the frame.
LabelledStream ramp(FrameIndex frames, double rate = 30) {
    auto sequence = std::make_shared<schemas::SkeletonSequence>(schemas::SkeletonSequence::empty(msr_layout(), frames));
    std::ranges::fill(sequence->confidence, 1.0F);
    for (FrameIndex frame = 0; frame < frames; ++frame)
        for (std::size_t joint = 0; joint < 20; ++joint)
            sequence->set(frame, joint, {static_cast<float>(frame), 1, static_cast<float>(joint)});
    return {std::move(sequence), {0, frames}, rate, {}};
}

void lose(LabelledStream& stream, FrameSpan frames, std::size_t joint) {
    auto sequence = std::make_shared<schemas::SkeletonSequence>(*stream.skeleton);
    for (FrameIndex frame = frames.begin; frame < frames.end; ++frame) {
        sequence->set(frame, joint, Eigen::Vector3f::Zero());
        sequence->confidence[static_cast<std::size_t>(frame) * 20 + joint] = 0;
    }
    stream.skeleton = std::move(sequence);
}

float x_of(const StreamRows& rows, FrameIndex row, std::size_t joint = 0) { return rows.skeleton->at(row, joint).x(); }

}  // namespace

TEST_CASE("rows are frames where the rates are the same, and lie between frames elsewhere") {
    LabelledStream stream = ramp(20);
    stream.span = {5, 15};
    const StreamRows same = rows_of(stream, 30);
    REQUIRE(same.rows() == 10);
    CHECK(x_of(same, 0) == 5);
    CHECK(x_of(same, 9) == 14);
    const StreamRows slower = rows_of(stream, 20);
    REQUIRE(slower.rows() == 7);
    CHECK(x_of(slower, 1) == doctest::Approx(6.5));
    CHECK(x_of(slower, 6) == doctest::Approx(14));
    CHECK(slower.row_of(8) == doctest::Approx(2));
    const StreamRows quicker = rows_of(stream, 60);
    REQUIRE(quicker.rows() == 19);
    CHECK(x_of(quicker, 3) == doctest::Approx(6.5));
}

TEST_CASE("what was not seen comes from the nearest frame, a joint that was never seen from the centre") {
    LabelledStream stream = ramp(10);
    lose(stream, {3, 6}, 0);
    lose(stream, {0, 10}, 5);
    const StreamRows rows = rows_of(stream, 30);
    CHECK(x_of(rows, 3) == 2);
    CHECK(x_of(rows, 4) == 2);  // as near as 6, and earlier
    CHECK(x_of(rows, 5) == 6);
    CHECK(rows.skeleton->at(7, 5) == stream.skeleton->at(7, 6));
    CHECK_FALSE(rows.dead);
    for (std::size_t joint = 0; joint < 20; ++joint) lose(stream, {0, 4}, joint);
    const StreamRows later = rows_of(stream, 30);
    CHECK(x_of(later, 0, 1) == 4);  // no row is lost
    for (std::size_t joint = 0; joint < 20; ++joint) lose(stream, {0, 10}, joint);
    CHECK(rows_of(stream, 30).dead);
}

TEST_CASE("every row has the label of its frame, and labels say where boundaries are") {
    LabelledStream stream = ramp(40);
    stream.labels = {{{0, 10}, 2}, {{10, 15}, 0}, {{25, 40}, 1}};
    const StreamRows rows = rows_of(stream, 30);
    const RowTargets targets = targets_of(stream, rows);
    for (FrameIndex row = 0; row < 40; ++row) {
        const int expected = row < 10 ? 2 : row < 15 ? 0 : row < 25 ? unlabelled : 1;
        CHECK(targets.labels[static_cast<std::size_t>(row)] == expected);
    }
    // Neither the first frame of the whole nor its last one is a boundary.
    CHECK(targets.starts == std::vector<double>{10, 25});
    CHECK(targets.ends == std::vector<double>{9, 14});
    const RowTargets half = targets_of(stream, rows_of(stream, 15));
    REQUIRE(half.labels.size() == 20);
    CHECK(half.labels[4] == 2);
    CHECK(half.labels[5] == 0);
    CHECK(half.labels[7] == 0);  // frame 14
    CHECK(half.labels[8] == unlabelled);
    CHECK(half.starts == std::vector<double>{5, 12.5});
}

TEST_CASE("windows overlap by half, and the last one ends with the stream") {
    CHECK(windows_of(10, 16) == std::vector<FrameSpan>{{0, 10}});
    CHECK(windows_of(16, 16) == std::vector<FrameSpan>{{0, 16}});
    CHECK(windows_of(20, 16) == std::vector<FrameSpan>{{0, 16}, {4, 20}});
    CHECK(windows_of(32, 16) == std::vector<FrameSpan>{{0, 16}, {8, 24}, {16, 32}});
    CHECK(windows_of(0, 16).empty());
    CHECK(windows_of(3, 1).size() == 3);
    CHECK_THROWS_AS((void)windows_of(3, 0), std::invalid_argument);
}

TEST_CASE("overlapping windows are averaged, their middles counting most") {
    OverlapAdd sums(6, 1);
    sums.add({0, 4}, std::vector<float>{1, 1, 1, 1});
    sums.add({2, 6}, std::vector<float>{5, 5, 5, 5});
    const auto mean = sums.mean();
    CHECK(mean[0] == 1);
    CHECK(mean[5] == 5);
    const double early = std::pow(std::sin(std::acos(-1.0) * 2.5 / 4), 2);  // row 2 in the first window …
    const double late = std::pow(std::sin(std::acos(-1.0) * 0.5 / 4), 2);   // … and in the second
    CHECK(mean[2] == doctest::Approx((early + 5 * late) / (early + late)));
    CHECK(mean[2] + mean[3] == doctest::Approx(6));
    CHECK_THROWS_AS(sums.add({4, 8}, std::vector<float>(4)), std::invalid_argument);
    CHECK(OverlapAdd(2, 3).mean() == std::vector<float>(6));
}

TEST_CASE("scores of rows become scores of frames") {
    const StreamRows rows = rows_of(ramp(9), 15);
    REQUIRE(rows.rows() == 5);
    const auto frames = at_frames(std::vector<float>{0, 1, 2, 3, 4}, 1, rows);
    REQUIRE(frames.size() == 9);
    for (std::size_t i = 0; i < 9; ++i) CHECK(frames[i] == doctest::Approx(static_cast<double>(i) / 2));
    CHECK(at_frames(std::vector<float>{7}, 1, rows_of(ramp(1), 15)) == std::vector<float>{7});
}

TEST_CASE("a model of streams has the rate of the slowest, at most thirty a second") {
    CHECK(common_rate(std::vector<LabelledStream>{ramp(3, 120), ramp(3, 60)}) == 30);
    CHECK(common_rate(std::vector<LabelledStream>{ramp(3, 120), ramp(3, 15)}) == 15);
}

TEST_CASE("streams that are not sound are refused with their frames") {
    const auto refused = [](LabelledStream stream, const char* text) {
        CHECK_THROWS_WITH_AS(require_sound(stream, 2), text, std::invalid_argument);
    };
    LabelledStream stream = ramp(20);
    stream.labels = {{{0, 10}, 0}, {{5, 15}, 1}};
    refused(stream,
            "the label of frames [5, 15) is not within [10, 20); labels of a stream must ascend and not overlap");
    stream.labels = {{{0, 21}, 0}};
    refused(stream,
            "the label of frames [0, 21) is not within [0, 20); labels of a stream must ascend and not overlap");
    stream.labels = {{{0, 10}, 2}};
    refused(stream, "the label 2 of frames [0, 10) is not one of 2");
    stream.labels.clear();
    stream.frames_per_second = std::numeric_limits<double>::quiet_NaN();
    refused(stream, "a stream needs a positive frame rate");
    stream.frames_per_second = 30;
    stream.span = {0, 21};
    refused(stream, "a stream's span [0, 21) is not of its skeleton of 20 frames");
    stream.skeleton = nullptr;
    refused(stream, "a stream without a skeleton cannot be read");
    CHECK_THROWS_AS((void)rows_of(ramp(3), 0), std::invalid_argument);
}
