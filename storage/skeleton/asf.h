#pragma once

#include <Eigen/Core>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "schemas/skeleton.h"
#include "storage/skeleton/layout_registry.h"
#include "storage/text_file.h"

// The Acclaim skeleton file that belongs to .amc motion: bones with their rest direction,
// length, own axes and the degrees of freedom that the motion gives values for.
namespace storage {

enum class AsfFreedom { translate_x, translate_y, translate_z, rotate_x, rotate_y, rotate_z, lengthen };

struct AsfBone {
    std::string name;
    int parent = -1;                     // a bone that comes earlier; -1 for the root, bones[0]
    Eigen::Vector3d direction{0, 0, 0};  // at rest, in world axes
    Eigen::Vector3d offset{0, 0, 0};     // from begin to end at rest, in metres; of the root its position
    Eigen::Matrix3d axis = Eigen::Matrix3d::Identity();  // C: from the bone's own axes to the world's
    std::vector<AsfFreedom> freedoms;                    // in the order of the motion's values
};

struct AsfSkeleton {
    std::string name;  // of the file
    // The file's unit is 1 / (length of :units) inch, as in the recordings of CMU and HDM05.
    double metres_per_unit = 0.0254;
    std::vector<AsfBone> bones;
    LayoutPtr layout;  // a joint at the end of every bone; "cmu31" where the bones are those
    std::vector<std::size_t> joint_of_bone;
};

// Reads fields in any order and lets through those it does not know. Throws ReadError.
AsfSkeleton read_asf(const std::filesystem::path& file);
AsfSkeleton read_asf(TextFile& text);

// Sets `layout` and `joint_of_bone` from the bones.
void give_layout(AsfSkeleton& skeleton);

// The rotation by these angles about x, y and z (radians), the first in `order` applied
// first; `order` holds letters of "xyz".
Eigen::Matrix3d rotation_in_order(std::string_view order, const Eigen::Vector3d& angles);
Eigen::Matrix3d rotation_about(int axis, double radians);

}  // namespace storage
