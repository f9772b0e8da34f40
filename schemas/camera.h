#pragma once

#include <Eigen/Core>

namespace schemas {

// A camera without distortion. Points are in metres in its own coordinates: x to the right of the
// picture, y up, z away from the camera. Pixels count from the picture's top left corner, u right and
// v down, so that the first pixel's centre is (0.5, 0.5).
struct PinholeCamera {
    int width = 0;
    int height = 0;
    double focal_u = 0;  // pixels
    double focal_v = 0;
    double centre_u = 0;
    double centre_v = 0;

    bool operator==(const PinholeCamera&) const = default;

    // Where a point with z > 0 is seen; it may lie outside of the picture.
    [[nodiscard]] Eigen::Vector2f pixel_from(const Eigen::Vector3f& point) const {
        return {static_cast<float>(centre_u + focal_u * point.x() / point.z()),
                static_cast<float>(centre_v - focal_v * point.y() / point.z())};
    }
    // The point seen there at that distance along z.
    [[nodiscard]] Eigen::Vector3f point_from(const Eigen::Vector2f& pixel, float z_metres) const {
        return {static_cast<float>((pixel.x() - centre_u) / focal_u) * z_metres,
                static_cast<float>((centre_v - pixel.y()) / focal_v) * z_metres, z_metres};
    }
    // Towards the middle of a pixel; z is 1.
    [[nodiscard]] Eigen::Vector3f ray_to(int column, int row) const {
        return point_from({static_cast<float>(column) + 0.5F, static_cast<float>(row) + 0.5F}, 1);
    }
};

// The depth camera of MSR-Action3D, at 320x240. Columns grow with x, so the picture is a mirror's, as
// all of Kinect's. The focal length is that of Kinect's SDK
// (NUI_CAMERA_SKELETON_TO_DEPTH_IMAGE_MULTIPLIER_320x240); the world and screen skeletons of the set agree
// with it to the rounding of the latter.
inline constexpr PinholeCamera msr_camera{320, 240, 285.63, 285.63, 160, 120};

}  // namespace schemas
