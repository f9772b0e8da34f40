#include "storage/media/depth_colour.h"

#include <doctest/doctest.h>

#include <cmath>

using namespace storage;

namespace {

// Lightness L* of CIELAB, of sRGB.
double lightness(const std::array<std::uint8_t, 3>& colour) {
    const auto linear = [](std::uint8_t part) {
        const double share = part / 255.0;
        return share <= 0.04045 ? share / 12.92 : std::pow((share + 0.055) / 1.055, 2.4);
    };
    const double luminance = 0.2126 * linear(colour[0]) + 0.7152 * linear(colour[1]) + 0.0722 * linear(colour[2]);
    return luminance > 0.008856 ? 116 * std::cbrt(luminance) - 16 : 903.3 * luminance;
}

}  // namespace

TEST_CASE("viridis rises evenly in lightness from one end to the other") {
    const double first = lightness(map_colour(ColourMap::viridis, 0)),
                 last = lightness(map_colour(ColourMap::viridis, 1));
    CHECK(last - first > 70);
    for (int i = 1; i <= 9; ++i) {
        const double step = lightness(map_colour(ColourMap::viridis, i / 9.0)) -
                            lightness(map_colour(ColourMap::viridis, (i - 1) / 9.0));
        CHECK(step == doctest::Approx((last - first) / 9).epsilon(0.15));
    }
}

TEST_CASE("the nearest is brightest, the farthest darkest, and a hole is black or nothing") {
    DepthShading shading{ColourMap::grey, HoleColour::black, 100, 200};
    const DepthFrame frame{5, 1, {0, 50, 100, 200, 400}};
    const schemas::Picture picture = picture_from(frame, shading);
    const auto grey = [&](int x) { return int{picture.pixel(x, 0)[0]}; };
    CHECK(grey(0) == 0);
    CHECK(picture.pixel(0, 0)[3] == 255);
    CHECK(grey(1) == 255);
    CHECK(grey(2) == 255);
    CHECK(grey(3) == 40);
    CHECK(grey(4) == 40);
    shading.holes = HoleColour::transparent;
    CHECK(picture_from(frame, shading).pixel(0, 0)[3] == 0);
    CHECK(picture_from(frame, shading).pixel(1, 0)[3] == 255);
}

TEST_CASE("a picture is shaded from its 1st to its 99th percentile, also when all is equally far") {
    const DepthShading shading = shading_for({10, 900, 20, 800, 100, 0}, ColourMap::grey);
    CHECK(shading.nearest == 20);
    CHECK(shading.farthest == 800);
    const schemas::Picture flat = picture_from({2, 1, {7, 7}}, shading_for({7, 7, 7, 7, 2, 0}));
    CHECK(flat.pixel(0, 0)[3] == 255);
}
