#include "inference/luma_picture.h"

#include <doctest/doctest.h>

#include "tests/inference/moving_pictures.h"

using namespace inference;
using doctest::Approx;
using inference_tests::grey_picture;

TEST_CASE("luma keeps black, white and grey as they are") {
    for (const int level : {0, 1, 127, 254, 255}) CHECK(luma_from(grey_picture(1, 1, level)).luma.front() == level);
}

TEST_CASE("green counts for more of luma than red, and red for more than blue") {
    const schemas::Picture picture{3, 1, {255, 0, 0, 255, 0, 255, 0, 255, 0, 0, 255, 255}};
    const LumaPicture luma = luma_from(picture);
    CHECK(luma.luma[0] == 54);
    CHECK(luma.luma[1] == 182);
    CHECK(luma.luma[2] == 18);
}

TEST_CASE("what is transparent is black") { CHECK(luma_from({1, 1, {255, 255, 255, 0}}).luma.front() == 0); }

TEST_CASE("cell means share a pixel between the cells that it lies in") {
    const LumaPicture three{3, 1, {0, 30, 90}};
    const std::vector<float> halves = cell_means(three, 2, 1);
    CHECK(halves[0] == Approx(10));
    CHECK(halves[1] == Approx(70));
}

TEST_CASE("a picture may have fewer pixels than cells") {
    const std::vector<float> cells = cell_means({1, 1, {77}}, 4, 4);
    CHECK(cells.size() == 16);
    for (const float cell : cells) CHECK(cell == Approx(77));
}
