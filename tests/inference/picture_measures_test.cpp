#include "inference/picture_measures.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <stdexcept>

#include "tests/inference/moving_pictures.h"
#include "tests/support/frame_times.h"

using namespace inference;
using namespace inference_tests;
using doctest::Approx;
using schemas::FrameIndex;
using schemas::FrameMeasures;
using schemas::FrameSpan;
using schemas::Picture;
using tests::even_seconds;

namespace {

FrameMeasures measured(const Picture& picture) { return FrameMeasurer().measure(picture); }

// Stripes of the two levels, each so many pixels wide.
Picture stripes(int width, int low, int high) {
    Picture picture = grey_picture(64, 64, low);
    for (int y = 0; y < 64; ++y)
        for (int x = 0; x < 64; ++x)
            if (x / width % 2 == 1) std::fill_n(picture.pixel(x, y), 3, static_cast<std::uint8_t>(high));
    return picture;
}

Picture with_bars(Picture picture, int top, int bottom, int left, int right) {
    for (int y = 0; y < picture.height; ++y)
        for (int x = 0; x < picture.width; ++x)
            if (y < top || y >= picture.height - bottom || x < left || x >= picture.width - right)
                std::fill_n(picture.pixel(x, y), 3, std::uint8_t{2});
    return picture;
}

// The figure moves on except where a frame is shown again.
std::vector<FrameMeasures> with_repeats(std::size_t frames, const std::vector<std::size_t>& repeats, int noise = 0) {
    std::vector<Picture> pictures;
    for (std::size_t i = 0; i < frames; ++i) {
        const bool again = std::ranges::find(repeats, i) != repeats.end();
        Rendering rendering;
        rendering.noise = noise;
        pictures.push_back(again ? pictures.back()
                                 : moving_picture(static_cast<double>(i) / 30, rendering, static_cast<unsigned>(i)));
    }
    return measures_of(pictures);
}

}  // namespace

TEST_CASE("mean luma and clipped pixels are those of the picture") {
    const FrameMeasures half = measured(stripes(32, 0, 255));
    CHECK(half.mean_luma == Approx(0.5));
    CHECK(half.dark_share == Approx(0.5));
    CHECK(half.bright_share == Approx(0.5));
    const FrameMeasures grey = measured(grey_picture(8, 8, 128));
    CHECK(grey.dark_share == 0);
    CHECK(grey.bright_share == 0);
}

TEST_CASE("sharpness is the variance of the Laplacian") {
    CHECK(measured(grey_picture(16, 16, 90)).sharpness == 0);
    // Every pixel of stripes one wide has twice the difference on both sides: +-2 * 100.
    CHECK(measured(stripes(1, 50, 150)).sharpness == Approx(200 * 200));
}

TEST_CASE("a picture of wider stripes is less sharp") {
    CHECK(measured(stripes(8, 50, 150)).sharpness < measured(stripes(2, 50, 150)).sharpness / 3);
}

TEST_CASE("change is the mean difference to the frame before") {
    const auto frames = measures_of({grey_picture(8, 8, 100), grey_picture(8, 8, 100), grey_picture(8, 8, 151)});
    CHECK(frames[0].change == 0);
    CHECK(frames[0].largest_change == 255);
    CHECK(frames[1].largest_change == 0);
    CHECK(frames[2].change == Approx(0.2));
    CHECK(frames[2].largest_change == 51);
    CHECK(frames[2].histogram_change == Approx(1));
}

TEST_CASE("an empty picture is refused") { CHECK_THROWS_AS(measured(Picture{}), std::invalid_argument); }

TEST_CASE("a picture of one pixel can be measured") { CHECK(measured(grey_picture(1, 1, 7)).sharpness == 0); }

TEST_CASE("bars that stay dark are found with their size") {
    std::vector<Picture> pictures;
    for (int i = 0; i < 30; ++i) pictures.push_back(with_bars(moving_picture(i / 30.0), 9, 18, 16, 0));
    const Letterbox bars = letterbox(measures_of(pictures));
    CHECK(bars.top == Approx(0.1));
    CHECK(bars.bottom == Approx(0.2));
    CHECK(bars.left == Approx(0.1));
    CHECK(bars.right == 0);
}

TEST_CASE("a picture that is dark for a moment has no bars") {
    std::vector<Picture> pictures;
    for (int i = 0; i < 30; ++i) pictures.push_back(i < 5 ? grey_picture(160, 90, 0) : moving_picture(i / 30.0));
    CHECK(letterbox(measures_of(pictures)) == Letterbox{});
}

TEST_CASE("cuts are found at the frame that begins a shot") {
    std::vector<Picture> pictures;
    for (int i = 0; i < 90; ++i) {
        Rendering rendering;
        rendering.scene = i < 31 ? 0 : i < 67 ? 2 : 5;
        pictures.push_back(moving_picture(i / 30.0, rendering));
    }
    CHECK(cuts(measures_of(pictures)) == std::vector<FrameIndex>{31, 67});
}

TEST_CASE("motion is no cut, however fast") {
    for (const double speed : {1.0, 6.0, 15.0}) {
        std::vector<double> seconds = even_seconds(90, 30);
        for (double& time : seconds) time *= speed;
        CHECK(cuts(measures_at(seconds)).empty());
    }
}

TEST_CASE("a flash is no cut") {
    std::vector<Picture> pictures;
    for (int i = 0; i < 60; ++i) {
        Rendering rendering;
        if (i == 30 || i == 31) rendering.lift = 120;
        pictures.push_back(moving_picture(i / 30.0, rendering));
    }
    CHECK(cuts(measures_of(pictures)).empty());
}

TEST_CASE("a light that goes on is no cut") {
    std::vector<Picture> pictures;
    for (int i = 0; i < 60; ++i) {
        Rendering rendering;
        if (i < 30) rendering.gain = 0.5;
        pictures.push_back(moving_picture(i / 30.0, rendering));
    }
    CHECK(cuts(measures_of(pictures)).empty());
}

TEST_CASE("repeated frames are found amid motion") {
    CHECK(repeated_frames(with_repeats(60, {20, 40, 41})) == std::vector<FrameSpan>{{20, 21}, {40, 42}});
    CHECK(repeated_frames(with_repeats(60, {20, 40, 41}, 4)) == std::vector<FrameSpan>{{20, 21}, {40, 42}});
}

TEST_CASE("a still scene repeats no frames") {
    CHECK(repeated_frames(measures_of(std::vector<Picture>(40, moving_picture(1)))).empty());
}

TEST_CASE("a video whose every second frame repeats has repeated frames") {
    std::vector<std::size_t> odd;
    for (std::size_t i = 1; i < 60; i += 2) odd.push_back(i);
    CHECK(repeated_frames(with_repeats(60, odd)).size() >= 28);
}

TEST_CASE("a pause of two intervals misses one frame") {
    std::vector<double> seconds = even_seconds(30, 25);
    seconds.erase(seconds.begin() + 20, seconds.begin() + 23);
    seconds.erase(seconds.begin() + 10);
    const FrameTiming timing = frame_timing(seconds);
    CHECK(timing.median_interval_seconds == Approx(0.04));
    CHECK(timing.gaps == std::vector<TimeGap>{{9, 1}, {18, 3}});
}

TEST_CASE("times that tremble have no gaps") {
    std::vector<double> seconds = even_seconds(60, 30);
    for (std::size_t i = 0; i < seconds.size(); ++i) seconds[i] += i % 3 == 0 ? 0.005 : -0.004;
    CHECK(frame_timing(seconds).gaps.empty());
}

TEST_CASE("a video of one frame has no interval") {
    CHECK(frame_timing(even_seconds(1, 30)).median_interval_seconds == 0);
}

TEST_CASE("passages shorter than asked for are left out") {
    const std::vector<int> dark{1, 1, 0, 1, 1, 1, 0, 1, 1, 1};
    const auto found = passages(std::span<const int>(dark), 3, [](int value) { return value == 1; });
    CHECK(found == std::vector<FrameSpan>{{3, 6}, {7, 10}});
}
