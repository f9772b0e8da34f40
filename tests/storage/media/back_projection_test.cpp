#include "storage/media/back_projection.h"

#include <doctest/doctest.h>

#include <limits>
#include <stdexcept>

#include "storage/media/matlab_depth.h"
#include "storage/media/msr_depth_unit.h"
#include "tests/support/no_recordings.h"
#include "tests/support/recording_files.h"

using namespace storage;
using schemas::PinholeCamera;

namespace {

constexpr PinholeCamera small_camera{4, 3, 5, 6, 2, 1.5};

}  // namespace

TEST_CASE("every pixel with a value is a point on the ray through its middle") {
    const DepthFrame frame{4, 3, {0, 2000, 0, 0, 0, 0, 0, 0, 1000, 0, 0, 0}};
    const Eigen::Matrix3Xf points = points_from(frame, small_camera, 0.001);
    REQUIRE(points.cols() == 2);
    CHECK(points.col(0).isApprox(Eigen::Vector3f(2 * -0.5F / 5, 2 * 1.0F / 6, 2)));
    CHECK(points.col(1).isApprox(Eigen::Vector3f(-1.5F / 5, -1.0F / 6, 1)));
}

TEST_CASE("points seen by the camera that they came from give the same picture") {
    DepthFrame frame{4, 3, {}};
    for (int i = 0; i < 12; ++i) frame.values.push_back(static_cast<std::uint16_t>(i == 5 ? 0 : 400 + 997 * i));
    for (const double unit : {0.001, 0.005, 0.0123}) {
        const DepthFrame back = depth_from(points_from(frame, small_camera, unit), small_camera, unit);
        CHECK(back.values == frame.values);
    }
}

TEST_CASE("of points in one pixel the nearest is seen, and what has no place in the picture is not") {
    Eigen::Matrix3Xf points(3, 7);
    points.col(0) = Eigen::Vector3f(0.01F, 0.01F, 3);
    points.col(1) = Eigen::Vector3f(0.01F, 0.01F, 2);
    points.col(2) = Eigen::Vector3f(0, 0, -1);
    points.col(3) = Eigen::Vector3f(100, 0, 1);
    points.col(4) = Eigen::Vector3f::Constant(std::numeric_limits<float>::quiet_NaN());
    points.col(5) = Eigen::Vector3f(0.01F, -0.01F, 1e6F);
    points.col(6) = Eigen::Vector3f(0, 0, 0);
    const DepthFrame frame = depth_from(points, small_camera, 0.001);
    CHECK(frame.values == std::vector<std::uint16_t>{0, 0, 0, 0, 0, 0, 2000, 0, 0, 0, 0, 0});
}

TEST_CASE("points need a unit and a picture of the camera's size") {
    CHECK_THROWS_AS((void)points_from({4, 3, std::vector<std::uint16_t>(12)}, small_camera, 0), std::invalid_argument);
    CHECK_THROWS_AS((void)points_from({3, 4, std::vector<std::uint16_t>(12)}, small_camera, 1), std::invalid_argument);
}

TEST_CASE("a real MSR depth picture survives the way to points and back") {
    const auto folder = tests::recordings(KINETOGRAPH_SOURCE_DIR, "msr_action3d/depth_mat");
    if (folder.empty()) return tests::no_recordings();
    const auto recording = open_matlab_depth(tests::files_below(folder, ".mat").front());
    const DepthFrame frame = recording->frame(recording->frames() / 2);
    const Eigen::Matrix3Xf points = points_from(frame, schemas::msr_camera, msr_metres_per_value);
    CHECK(depth_from(points, schemas::msr_camera, msr_metres_per_value).values == frame.values);
    const float height = points.row(1).maxCoeff() - points.row(1).minCoeff();
    CHECK(height > 1.4F);  // a person stands there, of ordinary height
    CHECK(height < 2.2F);
}
