#include "inference/depth_crop.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <span>
#include <stdexcept>
#include <vector>

#include "inference/random.h"

using namespace inference;
using doctest::Approx;

namespace {

constexpr int width = 320, height = 240;
constexpr double unit = 0.005;

// Pictures in which boxes of one value stand before nothing.
struct Scene {
    std::vector<std::uint16_t> values;

    explicit Scene(int frames = 1) : values(static_cast<std::size_t>(frames * width * height)) {}

    Scene& box(int frame, int left, int top, int right, int bottom, std::uint16_t value) {
        for (int y = top; y < bottom; ++y)
            for (int x = left; x < right; ++x)
                values[static_cast<std::size_t>((frame * height + y) * width + x)] = value;
        return *this;
    }
    [[nodiscard]] DepthClip clip() const { return {values, width, height, unit}; }
};

float at(std::span<const float> pictures, int frame, int column, int row) {
    return pictures[static_cast<std::size_t>((frame * depth_crop_side + row) * depth_crop_side + column)];
}

DepthCrop some_crop() { return {.left = -20, .top = 7, .side = 180, .median_metres = 2.5}; }

void check_same(const Eigen::Vector3f& found, const Eigen::Vector3f& wanted) {
    for (int axis = 0; axis < 3; ++axis) CHECK(found[axis] == Approx(wanted[axis]).epsilon(1e-4));
}

}  // namespace

TEST_CASE("a crop is a square around the person in all frames, with a margin on every side") {
    Scene scene(2);
    scene.box(0, 100, 60, 120, 160, 500).box(1, 140, 60, 160, 140, 500);
    const auto crop = person_crop(scene.clip(), {.margin = 0.1});
    REQUIRE(crop);
    CHECK(crop->side == Approx(120));  // the box is 60 wide and 100 high
    CHECK(crop->left == Approx(130 - 60));
    CHECK(crop->top == Approx(110 - 60));
}

TEST_CASE("the person's depth is given from its median over the clip, in units of half a metre") {
    Scene scene(2);
    scene.box(0, 100, 60, 200, 160, 500).box(1, 100, 60, 200, 110, 500).box(1, 100, 110, 200, 160, 540);
    const DepthCrops crops = depth_crops(scene.clip());
    REQUIRE(crops.crop);
    CHECK(crops.crop->median_metres == Approx(2.5));
    CHECK(at(crops.pictures, 0, 16, 24) == Approx(0.0));
    CHECK(at(crops.pictures, 1, 16, 8) == Approx(0.0));
    CHECK(at(crops.pictures, 1, 16, 24) == Approx(0.4));  // 40 values of 5 mm
}

TEST_CASE("depth beyond half a metre from the median is clipped") {
    Scene scene;
    scene.box(0, 100, 60, 200, 140, 500).box(0, 100, 140, 200, 150, 700).box(0, 100, 150, 200, 160, 300);
    const DepthCrops crops = depth_crops(scene.clip(), {.margin = 0});
    CHECK(*std::ranges::min_element(crops.pictures) == -1.0F);
    CHECK(*std::ranges::max_element(crops.pictures) == 1.0F);
}

TEST_CASE("what is not the person is 1 in a crop") {
    Scene scene;
    scene.box(0, 150, 20, 170, 120, 500);
    const DepthCrops crops = depth_crops(scene.clip(), {.margin = 0});
    CHECK(at(crops.pictures, 0, 16, 16) == Approx(0.0));
    CHECK(at(crops.pictures, 0, 2, 16) == 1.0F);
    CHECK(at(crops.pictures, 0, 29, 16) == 1.0F);
}

TEST_CASE("holes in a person do not count as depth") {
    Scene scene;
    scene.box(0, 100, 60, 228, 188, 500);
    // Every second column: half of each cell, which is 4 pixels wide.
    for (int x = 100; x < 228; x += 2) scene.box(0, x, 60, x + 1, 188, 0);
    scene.box(0, 227, 60, 228, 188, 500).box(0, 100, 60, 101, 188, 500);
    const DepthCrops crops = depth_crops(scene.clip(), {.margin = 0});
    CHECK(*std::ranges::max_element(crops.pictures) == Approx(0.0));
}

TEST_CASE("a cell belongs to the person from a quarter of its pixels on") {
    Scene scene;
    scene.box(0, 100, 60, 228, 188, 500);  // cells of 4 x 4
    scene.box(0, 104, 64, 112, 68, 0);     // cells (1, 1) and (2, 1)
    scene.box(0, 104, 64, 108, 65, 500);   // 4 of 16
    scene.box(0, 108, 64, 111, 65, 500);   // 3 of 16
    const DepthCrops crops = depth_crops(scene.clip(), {.margin = 0});
    CHECK(at(crops.pictures, 0, 1, 1) == Approx(0.0));
    CHECK(at(crops.pictures, 0, 2, 1) == 1.0F);
}

TEST_CASE("a person at the picture's rim is not stretched: what lies outside is background") {
    Scene scene;
    scene.box(0, 0, 100, 40, 240, 500);
    const DepthCrops crops = depth_crops(scene.clip(), {.margin = 0.1});
    REQUIRE(crops.crop);
    CHECK(crops.crop->left == Approx(20 - 84));
    CHECK(crops.crop->top + crops.crop->side == Approx(254));
    CHECK(at(crops.pictures, 0, 0, 16) == 1.0F);
    CHECK(at(crops.pictures, 0, 16, 31) == 1.0F);
    CHECK(at(crops.pictures, 0, 14, 16) == Approx(0.0));
}

TEST_CASE("a person of a few pixels still fills its crop") {
    Scene scene;
    scene.box(0, 50, 50, 55, 55, 500);
    const DepthCrops crops = depth_crops(scene.clip(), {.margin = 0});
    CHECK(*std::ranges::max_element(crops.pictures) == Approx(0.0));
}

TEST_CASE("a frame without the person is background, and the others are as they would be without it") {
    Scene alone, between(3);
    alone.box(0, 100, 60, 200, 160, 500);
    between.box(1, 100, 60, 200, 160, 500);
    const std::vector<float> one = depth_crops(alone.clip()).pictures;
    const std::vector<float> three = depth_crops(between.clip()).pictures;
    REQUIRE(three.size() == 3 * one.size());
    CHECK(std::ranges::equal(std::span(three).subspan(one.size(), one.size()), one));
    CHECK(std::ranges::all_of(std::span(three).first(one.size()), [](float value) { return value == 1; }));
}

TEST_CASE("a clip without a person has no crop and shows background alone") {
    const DepthCrops crops = depth_crops(Scene(2).clip());
    CHECK_FALSE(crops.crop);
    CHECK(crops.pictures == std::vector<float>(2 * 32 * 32, 1.0F));
}

TEST_CASE("a clip without frames has no pictures") {
    const DepthCrops crops = depth_crops({{}, width, height, unit});
    CHECK_FALSE(crops.crop);
    CHECK(crops.pictures.empty());
}

TEST_CASE("pictures without pixels, halves of pictures and values without a unit are refused") {
    const std::vector<std::uint16_t> values(100);
    CHECK_THROWS_AS(depth_crops({{}, 0, 0, unit}), std::invalid_argument);
    CHECK_THROWS_AS(depth_crops({values, 10, 0, unit}), std::invalid_argument);
    CHECK_THROWS_AS(depth_crops({values, 10, 7, unit}), std::invalid_argument);
    CHECK_THROWS_AS(depth_crops({values, 10, 10, 0}), std::invalid_argument);
}

TEST_CASE("a wall behind the person is removed by maximum entropy where that is asked for") {
    Scene scene;
    Random random(5);
    for (std::uint16_t& value : scene.values) value = static_cast<std::uint16_t>(800 + random.below(60));
    for (int y = 80; y < 200; ++y)
        for (int x = 120; x < 180; ++x)
            scene.box(0, x, y, x + 1, y + 1, static_cast<std::uint16_t>(480 + random.below(60)));
    const auto without = person_crop(scene.clip());
    const auto crop = person_crop(scene.clip(), {.background = DepthBackground::by_maximum_entropy, .margin = 0});
    REQUIRE(without);
    REQUIRE(crop);
    CHECK(without->side > 320);
    CHECK(crop->side == Approx(120));
    CHECK(crop->left == Approx(90));
    CHECK(crop->median_metres == Approx(510 * unit).epsilon(0.01));
    const std::vector<float> pictures = cropped(scene.clip(), *crop);
    CHECK(at(pictures, 0, 2, 16) == 1.0F);
    CHECK(at(pictures, 0, 16, 16) == Approx(0.0).epsilon(0.15));
}

TEST_CASE("the corners of a crop are -1 and 1, and its median depth is 0") {
    const DepthCrop crop = some_crop();
    check_same(crop.crop_from_pixel({-20.0F, 7.0F, 2.5F}), {-1.0F, -1.0F, 0.0F});
    check_same(crop.crop_from_pixel({160.0F, 187.0F, 3.0F}), {1.0F, 1.0F, 1.0F});
}

TEST_CASE("key-points come back from a crop to the pixel and to the point in space that they were") {
    const DepthCrop crop = some_crop();
    Random random(3);
    for (int i = 0; i < 50; ++i) {
        const Eigen::Vector3f point(static_cast<float>(random.uniform(-1, 1)),
                                    static_cast<float>(random.uniform(-1, 1)),
                                    static_cast<float>(random.uniform(1, 4)));
        check_same(crop.point_from_crop(crop.crop_from_point(point, schemas::msr_camera), schemas::msr_camera), point);
        const Eigen::Vector3f pixel(100 * point.x(), 100 * point.y(), point.z());
        check_same(crop.pixel_from_crop(crop.crop_from_pixel(pixel)), pixel);
    }
}

TEST_CASE("a joint is where the depth picture shows it") {
    Scene scene;
    scene.box(0, 100, 60, 200, 160, 500).box(0, 180, 60, 194, 74, 440);
    const DepthCrops crops = depth_crops(scene.clip());
    REQUIRE(crops.crop);
    const Eigen::Vector3f hand = schemas::msr_camera.point_from({187.0F, 67.0F}, 2.2F);
    const Eigen::Vector3f place = crops.crop->crop_from_point(hand, schemas::msr_camera);
    const auto cell = [](float coordinate) { return static_cast<int>((coordinate + 1) / 2 * depth_crop_side); };
    CHECK(at(crops.pictures, 0, cell(place.x()), cell(place.y())) == Approx(-0.6).epsilon(0.01));
    CHECK(place.z() == Approx(-0.6).epsilon(0.001));
}

TEST_CASE("distances in a crop are metres again by its units, at the median depth") {
    const DepthCrop crop = some_crop();
    const Eigen::Vector3f here(0.1F, 0.2F, 2.5F), there(0.4F, -0.2F, 2.5F);
    const Eigen::Vector3f step =
        crop.crop_from_point(there, schemas::msr_camera) - crop.crop_from_point(here, schemas::msr_camera);
    CHECK(step.cwiseProduct(crop.unit_metres(schemas::msr_camera)).norm() == Approx(0.5));
    CHECK(crop.unit_metres(schemas::msr_camera).z() == 0.5F);
}
