#pragma once

#include <Eigen/Core>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <vector>

#include "schemas/camera.h"

// Depth pictures as the LSTM-CNN of papers 000 and 001 reads them (models.md 2.2): the person alone, in a square that
// stays where it is for the whole clip, so that jumps and travel are still to be seen.
namespace inference {

inline constexpr int depth_crop_side = 32;        // cells of a picture, each way
inline constexpr double depth_crop_metres = 0.5;  // one unit of normalised depth

// The depth pictures of one clip, one after the other, each row-major. 0: nothing was measured.
struct DepthClip {
    std::span<const std::uint16_t> values;  // frames x height x width
    int width = 0;
    int height = 0;
    double metres_per_value = 0;  // storage::DepthUnit
};

// removed: whatever has a value is the person, as in MSR-Action3D. by_maximum_entropy: the person is the nearer part of
// the clip (register A20), with all that inference/maximum_entropy.h says about how well that works.
enum class DepthBackground { removed, by_maximum_entropy };

struct DepthCropOptions {
    DepthBackground background = DepthBackground::removed;
    double margin = 0.1;  // on every side, of the longer side of the box around the person
};

// Where the person is in a clip. The square may reach beyond the picture.
//
// Key-points are placed in the square: x from -1 at its left rim to 1 at its right one, y from -1 at the upper to 1 at
// the lower one, z the depth less the median in units of depth_crop_metres. They are never clipped.
struct DepthCrop {
    double left = 0;  // pixels, counted as schemas::PinholeCamera does
    double top = 0;
    double side = 0;
    std::uint16_t farthest = std::numeric_limits<std::uint16_t>::max();  // larger values are background
    double median_metres = 0;                                            // of the person's pixels, over the clip

    // `pixel` is (u, v, metres along z).
    [[nodiscard]] Eigen::Vector3f crop_from_pixel(const Eigen::Vector3f& pixel) const;
    [[nodiscard]] Eigen::Vector3f pixel_from_crop(const Eigen::Vector3f& place) const;
    // Points are in the camera's coordinates, z > 0.
    [[nodiscard]] Eigen::Vector3f crop_from_point(const Eigen::Vector3f& point,
                                                  const schemas::PinholeCamera& camera) const;
    [[nodiscard]] Eigen::Vector3f point_from_crop(const Eigen::Vector3f& place,
                                                  const schemas::PinholeCamera& camera) const;
    // How many metres one unit is along x, y and z; along x and y at the median depth.
    [[nodiscard]] Eigen::Vector3f unit_metres(const schemas::PinholeCamera& camera) const;
};

// nullopt where no frame shows a person. Throws std::invalid_argument for pictures without pixels, values that
// are no whole number of pictures, or a unit that is not positive.
std::optional<DepthCrop> person_crop(const DepthClip& clip, const DepthCropOptions& options = {});

// frames x 32 x 32: the mean depth of the person in each cell, normalised and clipped to [-1, 1]. A cell of which the
// person covers less than a quarter is background, which is 1, as is all that lies outside of the picture. Throws as
// person_crop does.
std::vector<float> cropped(const DepthClip& clip, const DepthCrop& crop);

struct DepthCrops {
    std::optional<DepthCrop> crop;
    std::vector<float> pictures;  // frames x 32 x 32, all background where there is no crop
};

// Both of the above.
DepthCrops depth_crops(const DepthClip& clip, const DepthCropOptions& options = {});

}  // namespace inference
