#include <doctest/doctest.h>

#include "annotator/workflows/normalised_video.h"
#include "tests/support/frame_times.h"

using namespace annotator;
using schemas::FrameIndex;
using schemas::FrameTable;
using tests::frames_from;

namespace {

FrameTable even(std::size_t frames, double rate) { return {tests::even_seconds(frames, rate), {}}; }

std::vector<FrameIndex> shown(const FrameTable& video, schemas::FrameRate rate) {
    return frame_plan(video, {}, video, rate).sources;
}

}  // namespace

TEST_CASE("a copy of the same rate shows every frame once") {
    CHECK(shown(even(90, 30), {30, 1}) == frames_from(0, 90));
    CHECK(shown(even(90, 30000.0 / 1001), {30000, 1001}) == frames_from(0, 90));
}

TEST_CASE("a copy of half the rate shows every second frame") {
    CHECK(shown(even(90, 60), {30, 1}) == frames_from(0, 90, 2));
}

TEST_CASE("a copy of double the rate shows every frame twice") {
    std::vector<FrameIndex> twice;
    for (FrameIndex frame = 0; frame < 40; ++frame) twice.insert(twice.end(), 2, frame);
    // Half-way between two frames the earlier one is shown.
    CHECK(shown(even(40, 15), {30, 1}) == twice);
}

TEST_CASE("29.97 frames a second at 30 last as long and repeat one frame in a thousand") {
    const auto frames = shown(even(2000, 30000.0 / 1001), {30, 1});
    CHECK(frames.size() == 2002);
    CHECK(frames.front() == 0);
    CHECK(frames.back() == 1999);
}

TEST_CASE("frames of uneven times are shown when they are nearest") {
    FrameTable uneven;
    uneven.seconds = {0, 0.010, 0.080, 0.100, 0.250};
    CHECK(shown(uneven, {10, 1}) == std::vector<FrameIndex>{0, 3, 4});
}

TEST_CASE("a single frame is shown once") { CHECK(shown(even(1, 30), {30, 1}) == std::vector<FrameIndex>{0}); }

TEST_CASE("a video without frames has no copy") { CHECK(shown({}, {30, 1}).empty()); }

TEST_CASE("a video beside the reference is cut to its time") {
    const FrameTable reference = even(60, 30), video = even(300, 60);
    // Its frame 120 is shown with frame 0 of the reference.
    const FramePlan plan = frame_plan(video, {1, 2}, reference, {30, 1});
    CHECK(plan.first == 0);
    CHECK(plan.sources == frames_from(120, 240, 2));
}

TEST_CASE("a video that begins later keeps its place") {
    const FramePlan plan = frame_plan(even(30, 30), {1, -1}, even(90, 30), {30, 1});
    CHECK(plan.first == 30);
    CHECK(plan.sources == frames_from(0, 30));
}

TEST_CASE("a video whose clock runs fast is slowed down") {
    const FramePlan plan = frame_plan(even(400, 30), {2, 0}, even(90, 30), {30, 1});
    CHECK(plan.sources == frames_from(0, 180, 2));
}
