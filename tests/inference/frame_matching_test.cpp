#include "inference/frame_matching.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include "inference/cheapest_path.h"
#include "tests/inference/moving_pictures.h"
#include "tests/support/frame_times.h"

using namespace inference;
using namespace inference_tests;
using schemas::FrameIndex;
using tests::even_seconds;
using tests::frames_from;

namespace {

// As a copy that was encoded again comes out.
Rendering copied() {
    Rendering rendering;
    rendering.width = 112;
    rendering.height = 64;
    rendering.gain = 0.9;
    rendering.lift = 9;
    rendering.noise = 5;
    return rendering;
}

struct Video {
    std::vector<schemas::FrameMeasures> frames;
    std::vector<double> seconds;
    [[nodiscard]] MeasuredVideo measured() const { return {frames, seconds}; }
};

Video original(std::size_t frames, double rate = 30) {
    return {measures_at(even_seconds(frames, rate)), even_seconds(frames, rate)};
}

// Shows those frames of an original at 30 frames a second.
Video copy_of(const std::vector<FrameIndex>& frames, double rate) {
    std::vector<double> shown;
    for (const FrameIndex frame : frames) shown.push_back(static_cast<double>(frame) / 30);
    return {measures_at(shown, copied()), even_seconds(frames.size(), rate)};
}

std::vector<FrameIndex> found(const FrameMatching& matching) {
    std::vector<FrameIndex> frames;
    for (const MatchedFrame& frame : matching.frames) frames.push_back(frame.original);
    return frames;
}

std::vector<FrameIndex> matched(const Video& copy, const Video& source) {
    return found(match_frames(copy.measured(), source.measured()).value());
}

float least_confidence(const FrameMatching& matching) {
    return std::ranges::min_element(matching.frames, {}, &MatchedFrame::confidence)->confidence;
}

}  // namespace

TEST_CASE("every frame of a copy that was encoded again is found, and surely") {
    const auto frames = frames_from(0, 120);
    const auto matching = match_frames(copy_of(frames, 30).measured(), original(120).measured()).value();
    CHECK(found(matching) == frames);
    CHECK(least_confidence(matching) > 0.9F);
    CHECK(matching.typical_signature_distance <= 4);
}

TEST_CASE("another gamma, and levels mistaken for limited ones, shift no frame") {
    const auto frames = frames_from(20, 100);
    Video copy = copy_of(frames, 30);
    std::vector<double> shown;
    for (const FrameIndex frame : frames) shown.push_back(static_cast<double>(frame) / 30);
    Rendering rendering = copied();
    rendering.gamma = 1.4;
    copy.frames = measures_at(shown, rendering);
    CHECK(matched(copy, original(120)) == frames);
    rendering.gamma = 1;
    rendering.gain = 219.0 / 255;
    rendering.lift = 16;
    copy.frames = measures_at(shown, rendering);
    CHECK(matched(copy, original(120)) == frames);
}

TEST_CASE("a copy that was trimmed at both ends lies where it was cut from") {
    const auto frames = frames_from(47, 131);
    CHECK(matched(copy_of(frames, 30), original(200)) == frames);
}

TEST_CASE("a copy of half the rate shows every second frame") {
    const auto frames = frames_from(10, 150, 2);
    CHECK(matched(copy_of(frames, 15), original(160)) == frames);
}

TEST_CASE("a copy of double the rate shows every frame twice") {
    std::vector<FrameIndex> frames;
    for (FrameIndex frame = 0; frame < 60; ++frame) frames.insert(frames.end(), 2, frame);
    CHECK(matched(copy_of(frames, 60), original(60)) == frames);
}

TEST_CASE("lost frames are found out where they are lost") {
    auto frames = frames_from(0, 120);
    frames.erase(frames.begin() + 70, frames.begin() + 74);
    frames.erase(frames.begin() + 33);
    CHECK(matched(copy_of(frames, 30), original(120)) == frames);
}

TEST_CASE("a part may be cut from the middle") {
    auto frames = frames_from(0, 60);
    const auto rest = frames_from(180, 260);
    frames.insert(frames.end(), rest.begin(), rest.end());
    CHECK(matched(copy_of(frames, 30), original(300)) == frames);
}

TEST_CASE("a copy that plays slower shows the same frames") {
    const auto frames = frames_from(0, 120);
    CHECK(matched(copy_of(frames, 24), original(120)) == frames);
    CHECK(matched(copy_of(frames, 120), original(120)) == frames);
}

TEST_CASE("frames of a still scene are matched without confidence") {
    const std::vector<double> still(60, 1.0);
    const Video source{measures_at(still), even_seconds(60, 30)};
    const Video copy{measures_at(std::vector<double>(20, 1.0), copied()), even_seconds(20, 30)};
    const auto matching = match_frames(copy.measured(), source.measured()).value();
    for (const MatchedFrame& frame : matching.frames) CHECK(frame.confidence < 0.3F);
}

TEST_CASE("a still passage amid motion is placed by the motion around it") {
    std::vector<double> seconds = even_seconds(120, 30);
    for (std::size_t i = 50; i < 54; ++i) seconds[i] = seconds[50];
    const Video source{measures_at(seconds), even_seconds(120, 30)};
    const Video copy{measures_at({seconds.begin() + 20, seconds.begin() + 100}, copied()), even_seconds(80, 30)};
    CHECK(matched(copy, source) == frames_from(20, 100));
}

TEST_CASE("a picture that is not in the original has no confidence") {
    const auto frames = frames_from(0, 60);
    Video copy = copy_of(frames, 30);
    Rendering title = copied();
    title.scene = 4;
    for (std::size_t i = 0; i < 10; ++i) copy.frames[i] = measures_at({0}, title).front();
    const auto matching = match_frames(copy.measured(), original(60).measured()).value();
    for (std::size_t i = 0; i < 10; ++i) CHECK(matching.frames[i].confidence == 0);
    for (std::size_t i = 10; i < 60; ++i) CHECK(matching.frames[i].original == frames[i]);
}

TEST_CASE("another recording is no copy") {
    Rendering other = copied();
    other.scene = 3;
    const Video unrelated{measures_at(even_seconds(60, 30), other), even_seconds(60, 30)};
    const auto matching = match_frames(unrelated.measured(), original(90).measured()).value();
    CHECK(matching.typical_signature_distance > 16);
}

TEST_CASE("a video of one frame is matched") {
    CHECK(matched(copy_of({40}, 30), original(90)) == std::vector<FrameIndex>{40});
    CHECK(matched(copy_of({0, 1, 2}, 30), original(1)) == std::vector<FrameIndex>{0, 0, 0});
}

TEST_CASE("an empty video matches nothing") {
    CHECK(match_frames({}, original(3).measured())->frames.empty());
    CHECK(match_frames(original(3).measured(), {})->frames.empty());
}

TEST_CASE("as many measures as times are needed") {
    const Video video = original(3);
    CHECK_THROWS_AS((void)match_frames({video.frames, {}}, video.measured()), std::invalid_argument);
}

TEST_CASE("matching stops when asked to") {
    std::stop_source stop;
    stop.request_stop();
    const Video video = original(30);
    CHECK_FALSE(match_frames(video.measured(), video.measured(), stop.get_token()));
}

TEST_CASE("the cheapest path follows time where rows cost the same") {
    const std::vector<double> seconds = even_seconds(10, 1);
    std::vector<PathColumn> columns(5);
    for (PathColumn& column : columns) {
        column.seconds = seconds;
        column.costs.assign(10, 1);
        column.advance_seconds = 2;
    }
    columns[2].costs[5] = 0;
    const StepCosts steps{1, 5};
    const auto path = cheapest_path(columns, steps);
    CHECK(path == std::vector<std::size_t>{1, 3, 5, 7, 9});
    CHECK(path_confidence(columns, steps, path)[2] > 0.5F);
}

TEST_CASE("the cheapest path never goes back") {
    const std::vector<double> seconds = even_seconds(6, 1);
    std::vector<PathColumn> columns(4);
    for (std::size_t i = 0; i < columns.size(); ++i) {
        columns[i].seconds = seconds;
        columns[i].costs.assign(6, 100);
        columns[i].costs[5 - i] = 0;  // where going back would be free
        columns[i].advance_seconds = 0;
    }
    const auto path = cheapest_path(columns, {1, 5});
    CHECK(std::ranges::is_sorted(path));
}
