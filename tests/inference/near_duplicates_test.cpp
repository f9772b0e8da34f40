#include "inference/near_duplicates.h"

#include <doctest/doctest.h>

#include "tests/inference/moving_pictures.h"
#include "tests/support/frame_times.h"

using namespace inference;
using namespace inference_tests;
using doctest::Approx;
using tests::even_seconds;

namespace {

// Filmed from `begin` on, before the wall of the scene.
RecordingSketch filmed(double begin, double length, const Rendering& rendering = {}) {
    const std::vector<double> seconds = even_seconds(static_cast<std::size_t>(length * 30), 30);
    std::vector<double> shown = seconds;
    for (double& time : shown) time += begin;
    const auto frames = measures_at(shown, rendering);
    return sketch_of({frames, seconds});
}

Rendering copied() {
    Rendering rendering;
    rendering.width = 112;
    rendering.height = 64;
    rendering.gain = 0.9;
    rendering.noise = 4;
    return rendering;
}

}  // namespace

TEST_CASE("a sketch has ten frames a second") {
    const RecordingSketch sketch = filmed(0, 3);
    CHECK(sketch.frames.size() == 30);
    CHECK(sketch.seconds[7] == Approx(0.7));
}

TEST_CASE("a trimmed copy of a recording is found, with the place that it was cut from") {
    const auto found = near_duplicates(std::vector{filmed(0, 8), filmed(2.5, 3, copied())}).value();
    REQUIRE(found.pairs.size() == 1);
    CHECK(found.pairs[0].shorter == 1);
    CHECK(found.pairs[0].longer == 0);
    CHECK(found.pairs[0].begin_seconds == Approx(2.5).epsilon(0.05));
    CHECK(found.not_compared == 0);
}

TEST_CASE("another performance before the same wall is no duplicate") {
    CHECK(near_duplicates(std::vector{filmed(0, 4), filmed(40, 4, copied())})->pairs.empty());
}

TEST_CASE("recordings of other scenes are no duplicates") {
    Rendering other;
    other.scene = 3;
    CHECK(near_duplicates(std::vector{filmed(0, 3), filmed(0, 3, other), RecordingSketch{}})->pairs.empty());
}

TEST_CASE("looking for duplicates stops when asked to") {
    std::stop_source stop;
    stop.request_stop();
    CHECK_FALSE(near_duplicates(std::vector{filmed(0, 1), filmed(0, 1)}, stop.get_token()));
}
