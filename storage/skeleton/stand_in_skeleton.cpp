#include "storage/skeleton/stand_in_skeleton.h"

#include <algorithm>
#include <array>
#include <numbers>
#include <string>

namespace storage {

namespace {

enum class Part { middle, left };  // of left parts there is a right one, mirrored in x

struct Row {
    Part part;
    std::string_view name, parent;  // of left parts without the leading l
    std::array<double, 3> direction;
    double length_metres;
    std::array<double, 3> axis_degrees;
    std::string_view rotations;
};

// The arms rest sideways and the thighs 20 degrees apart from the vertical.
constexpr std::array<Row, 19> rows = {{
    {Part::middle, "root", "", {0, 0, 0}, 0, {0, 0, 0}, "xyz"},
    {Part::left, "hipjoint", "root", {0.6, -0.76, 0.25}, 0.13, {0, 0, 0}, ""},
    {Part::left, "femur", "hipjoint", {0.342, -0.94, 0}, 0.41, {0, 0, 20}, "xyz"},
    {Part::left, "tibia", "femur", {0.342, -0.94, 0}, 0.41, {0, 0, 20}, "x"},
    {Part::left, "foot", "tibia", {0.12, -0.33, 0.937}, 0.12, {-90, 0, 20}, "xz"},
    {Part::left, "toes", "foot", {0, 0, 1}, 0.06, {-90, 0, 20}, "x"},
    {Part::middle, "lowerback", "root", {0, 1, 0}, 0.115, {0, 0, 0}, "xyz"},
    {Part::middle, "upperback", "lowerback", {0, 1, 0}, 0.115, {0, 0, 0}, "xyz"},
    {Part::middle, "thorax", "upperback", {0, 1, 0}, 0.115, {0, 0, 0}, "xyz"},
    {Part::middle, "lowerneck", "thorax", {0, 1, 0}, 0.09, {0, 0, 0}, "xyz"},
    {Part::middle, "upperneck", "lowerneck", {0, 1, 0}, 0.09, {0, 0, 0}, "xyz"},
    {Part::middle, "head", "upperneck", {0, 1, 0}, 0.09, {0, 0, 0}, "xyz"},
    {Part::left, "clavicle", "thorax", {0.97, 0.24, 0}, 0.18, {0, 0, 0}, "yz"},
    {Part::left, "humerus", "clavicle", {1, 0, 0}, 0.29, {180, -30, -90}, "xyz"},
    {Part::left, "radius", "humerus", {1, 0, 0}, 0.17, {180, -30, -90}, "x"},
    {Part::left, "wrist", "radius", {1, 0, 0}, 0.085, {0, 90, 90}, "y"},
    {Part::left, "hand", "wrist", {1, 0, 0}, 0.04, {0, 90, 90}, "xz"},
    {Part::left, "fingers", "hand", {1, 0, 0}, 0.035, {0, 90, 90}, "x"},
    {Part::left, "thumb", "wrist", {1, 0, 1}, 0.05, {-90, 45, 0}, "xz"},
}};

enum class Side { as_given, mirrored };

std::string side_name(std::string_view name, Side side, bool paired) {
    return paired ? (side == Side::as_given ? "l" : "r") + std::string(name) : std::string(name);
}

bool is_paired(std::string_view name) {
    return std::ranges::any_of(rows, [name](const Row& row) { return row.name == name && row.part == Part::left; });
}

AsfFreedom rotation_named(char letter) {
    return letter == 'x' ? AsfFreedom::rotate_x : letter == 'y' ? AsfFreedom::rotate_y : AsfFreedom::rotate_z;
}

void add_bone(AsfSkeleton& skeleton, const Row& row, Side side) {
    const double x = side == Side::as_given ? 1 : -1;
    const auto named = [&skeleton](const std::string& name) {
        return static_cast<int>(std::ranges::find(skeleton.bones, name, &AsfBone::name) - skeleton.bones.begin());
    };
    AsfBone bone;
    bone.name = side_name(row.name, side, row.part == Part::left);
    bone.parent = row.parent.empty() ? -1 : named(side_name(row.parent, side, is_paired(row.parent)));
    bone.direction = Eigen::Vector3d(x * row.direction[0], row.direction[1], row.direction[2]);
    if (row.length_metres > 0) bone.direction.normalize();
    bone.offset = bone.direction * row.length_metres;
    const auto& [a, b, c] = row.axis_degrees;
    bone.axis = rotation_in_order("xyz", Eigen::Vector3d(a, x * b, x * c) * (std::numbers::pi / 180));
    if (row.name == "root") bone.freedoms = {AsfFreedom::translate_x, AsfFreedom::translate_y, AsfFreedom::translate_z};
    for (const char letter : row.rotations) bone.freedoms.push_back(rotation_named(letter));
    skeleton.bones.push_back(std::move(bone));
}

}  // namespace

const AsfSkeleton& stand_in_skeleton() {
    static const AsfSkeleton stand_in = [] {
        AsfSkeleton skeleton;
        skeleton.name = "the stand-in skeleton";
        skeleton.metres_per_unit = 0.0254 / 0.45;
        for (const Row& row : rows) {
            add_bone(skeleton, row, Side::as_given);
            if (row.part == Part::left) add_bone(skeleton, row, Side::mirrored);
        }
        give_layout(skeleton);
        return skeleton;
    }();
    return stand_in;
}

}  // namespace storage
