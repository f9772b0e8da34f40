#include "annotator/workflows/synth/frame_number.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <random>
#include <stdexcept>

namespace annotator::synth {
namespace {

schemas::Picture painted(int width, int height, int number) {
    schemas::Picture picture = schemas::blank_picture(width, height);
    paint_frame_number(picture, number);
    return picture;
}

// The mean of each square of pixels.
schemas::Picture halved(const schemas::Picture& picture) {
    schemas::Picture half = schemas::blank_picture(picture.width / 2, picture.height / 2);
    for (int y = 0; y < half.height; ++y)
        for (int x = 0; x < half.width; ++x)
            for (int channel = 0; channel < 4; ++channel) {
                int sum = 0;
                for (int corner = 0; corner < 4; ++corner)
                    sum += picture.pixel(2 * x + corner % 2, 2 * y + corner / 2)[channel];
                half.pixel(x, y)[channel] = static_cast<std::uint8_t>(sum / 4);
            }
    return half;
}

}  // namespace

TEST_CASE("a painted frame number is read back, in pictures of every size and shape") {
    for (const auto& [width, height] : {std::pair(64, 64), {96, 128}, {128, 96}, {320, 180}, {641, 479}, {1080, 1920}})
        for (const int number : {0, 1, 2, 0x5555, 0xaaaa, 12345, most_frame_number})
            CHECK(read_frame_number(painted(width, height, number)) == number);
}

TEST_CASE("a frame number survives noise, fading and scaling down") {
    std::mt19937 random(1);
    for (const int number : {0, 299, 40000}) {
        schemas::Picture picture = painted(256, 192, number);
        for (std::uint8_t& value : picture.rgba)
            value =
                static_cast<std::uint8_t>(std::clamp(70 + value / 2 + static_cast<int>(random() % 60) - 30, 0, 255));
        CHECK(read_frame_number(picture) == number);
        CHECK(read_frame_number(halved(picture)) == number);
    }
}

TEST_CASE("a picture without a frame number, or with a broken one, has none") {
    CHECK(!read_frame_number(schemas::blank_picture(128, 96)));
    CHECK(!read_frame_number(schemas::blank_picture(8, 8)));
    CHECK(!read_frame_number(schemas::Picture{}));
    schemas::Picture broken = painted(128, 96, 77);
    for (int y = 0; y < 20; ++y) std::fill_n(broken.pixel(52, y), 4 * 20, std::uint8_t{255});
    CHECK(!read_frame_number(broken));
}

TEST_CASE("depth pictures carry frame numbers, too") {
    storage::DepthFrame picture{128, 96, std::vector<std::uint16_t>(128 * 96, 2500)};
    paint_frame_number(picture, 4711);
    CHECK(read_frame_number(picture) == 4711);
}

TEST_CASE("a frame number has 16 bits") {
    CHECK_THROWS_AS(painted(128, 96, -1), std::invalid_argument);
    CHECK_THROWS_AS(painted(128, 96, 0x10000), std::invalid_argument);
}

}  // namespace annotator::synth
