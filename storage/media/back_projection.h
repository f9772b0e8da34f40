#pragma once

#include <Eigen/Core>

#include "schemas/camera.h"
#include "storage/media/depth_reader.h"

// Between depth pictures and points in space.
namespace storage {

// The centres of all pixels that have a value, row by row from the top left, as points in metres in the camera's
// coordinates (schemas/camera.h). Values are distances along z, `metres_per_value` each. Throws
// std::invalid_argument when the picture is not of the camera's size or the unit is not positive.
Eigen::Matrix3Xf points_from(const DepthFrame& frame, const schemas::PinholeCamera& camera, double metres_per_value);

// The inverse: what the camera would see of the points, each in the pixel that it falls into, the nearest where several
// do. Points that are not in front of the camera, outside of the picture, not finite or beyond the largest
// value are left out; so are those that round to 0, which means a hole.
DepthFrame depth_from(const Eigen::Matrix3Xf& points, const schemas::PinholeCamera& camera, double metres_per_value);

}  // namespace storage
