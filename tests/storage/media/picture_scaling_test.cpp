#include "storage/media/picture_scaling.h"

#include <doctest/doctest.h>

#include <cstdlib>
#include <stdexcept>

using schemas::Picture;
using storage::scaled;

namespace {

// Black on the left, white on the right.
Picture halves(int width, int height) {
    Picture picture = schemas::blank_picture(width, height);
    for (int y = 0; y < height; ++y)
        for (int x = 0; x < width; ++x)
            for (int c = 0; c < 4; ++c)
                picture.pixel(x, y)[c] = c == 3 || x >= width / 2 ? std::uint8_t{255} : std::uint8_t{0};
    return picture;
}

}  // namespace

TEST_CASE("a picture of the size asked for stays as it is") { CHECK(scaled(halves(8, 6), 8, 6) == halves(8, 6)); }

TEST_CASE("a scaled picture keeps its parts in their places") {
    for (const auto& [width, height] : {std::pair(16, 30), std::pair(200, 90), std::pair(64, 20)}) {
        const Picture picture = scaled(halves(64, 48), width, height);
        CHECK(picture.width == width);
        CHECK(picture.height == height);
        CHECK(picture.pixel(width / 4, height / 2)[0] <= 2);
        CHECK(picture.pixel(3 * width / 4, height / 2)[0] >= 253);
        CHECK(picture.pixel(0, 0)[3] == 255);
    }
}

TEST_CASE("nothing is scaled to nothing") {
    CHECK_THROWS_AS(scaled(halves(8, 8), 0, 4), std::invalid_argument);
    CHECK_THROWS_AS(scaled(Picture{}, 4, 4), std::invalid_argument);
}
