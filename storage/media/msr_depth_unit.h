#pragma once

#include <string_view>

#include "storage/media/depth_reader.h"

// MSR-Action3D says nowhere what its depth values are. They are no millimetres: people who stood two to three metres
// away have 400 to 600. Compared with the skeletons of the same takes, values rise linearly from the camera and
// one is 5 mm, to 2 % (docs/decisions/0012-the-unit-of-msr-depth.md).
namespace storage {

inline constexpr double msr_metres_per_value = 0.005;

// The above where the first frame with a body has such values, else unknown: others write the same layout with
// millimetres.
DepthUnit msr_depth_unit(DepthReader& recording);

// "a01_s02_e03_sdepth.mat" is named as the set's takes are.
bool is_msr_take(std::string_view file_name);

}  // namespace storage
