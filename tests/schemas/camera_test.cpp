#include "schemas/camera.h"

#include <doctest/doctest.h>

#include "schemas/picture.h"

using schemas::msr_camera;

TEST_CASE("a point straight ahead is in the middle of the picture") {
    CHECK(msr_camera.pixel_from({0, 0, 2}) == Eigen::Vector2f(160, 120));
}

TEST_CASE("columns grow with x and rows fall with y") {
    const Eigen::Vector2f pixel = msr_camera.pixel_from({0.5F, 0.25F, 2});
    CHECK(pixel.x() == doctest::Approx(160 + 285.63 / 4));
    CHECK(pixel.y() == doctest::Approx(120 - 285.63 / 8));
}

TEST_CASE("a pixel and a distance are the point that is seen there") {
    const Eigen::Vector3f point(-0.7F, 0.4F, 2.6F);
    CHECK(msr_camera.point_from(msr_camera.pixel_from(point), 2.6F).isApprox(point, 1e-5F));
    CHECK(msr_camera.pixel_from(msr_camera.point_from({3.5F, 200.5F}, 1.3F)).isApprox(Eigen::Vector2f(3.5F, 200.5F)));
}

TEST_CASE("the ray to a pixel goes through its middle") {
    CHECK(msr_camera.pixel_from(msr_camera.ray_to(7, 11)).isApprox(Eigen::Vector2f(7.5F, 11.5F)));
    CHECK(msr_camera.ray_to(7, 11).z() == 1);
}
