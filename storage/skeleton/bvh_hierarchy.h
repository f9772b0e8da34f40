#pragma once

#include <Eigen/Core>
#include <string>
#include <vector>

#include "storage/text_file.h"

namespace storage {

enum class BvhChannel { x_position, y_position, z_position, x_rotation, y_rotation, z_rotation };

struct BvhJoint {
    std::string name;
    int parent = -1;  // a joint that comes earlier; -1 for the first
    Eigen::Vector3d offset{0, 0, 0};
    std::vector<BvhChannel> channels;
};

// The first part of a BVH file, as bvh.h describes it. Reads up to MOTION.
// Throws ReadError.
std::vector<BvhJoint> read_bvh_hierarchy(TextFile& text);

}  // namespace storage
