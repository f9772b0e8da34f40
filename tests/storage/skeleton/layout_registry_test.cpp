#include "storage/skeleton/layout_registry.h"

#include <doctest/doctest.h>

#include <set>
#include <stdexcept>
#include <string>

namespace {

float weight(const schemas::JointMap& map, std::string_view target, std::string_view source) {
    return map.weights(map.target->joint_named(target).value(), map.source->joint_named(source).value());
}

bool is_absent(const schemas::JointMap& map, std::string_view target) {
    return map.weights.row(map.target->joint_named(target).value()).isZero();
}

schemas::JointMap map_between(std::string_view source, std::string_view target) {
    return storage::joint_map(storage::layout_named(source), storage::layout_named(target));
}

}  // namespace

TEST_CASE("the known layouts are the seven of the data sets") {
    std::set<std::string> names;
    for (const auto& layout : storage::all_layouts()) names.insert(layout->name);
    CHECK(names == std::set<std::string>{"cmu31", "coco17", "h36m17", "kinect25", "msr20", "openpose18", "smpl24"});
}

TEST_CASE("every known layout is sound") {
    for (const auto& layout : storage::all_layouts()) {
        CAPTURE(layout->name);
        CHECK(problem_with(*layout).empty());
        CHECK(layout->centre != layout->neck);
        CHECK(layout->left_shoulder != layout->right_shoulder);
    }
}

TEST_CASE("the number in a layout's name counts its joints") {
    for (const auto& layout : storage::all_layouts()) {
        const std::size_t digits = layout->name.find_last_not_of("0123456789") + 1;
        CHECK(std::to_string(layout->size()) == layout->name.substr(digits));
    }
}

TEST_CASE("every joint of one side has a partner") {
    for (const auto& layout : storage::all_layouts())
        for (std::size_t joint = 0; joint < layout->size(); ++joint) {
            const bool sided =
                layout->joints[joint].starts_with("left_") || layout->joints[joint].starts_with("right_");
            CAPTURE(layout->joints[joint]);
            if (sided) CHECK(layout->mirrored()[joint] != static_cast<int>(joint));
        }
}

TEST_CASE("an unknown layout's error names the known ones") {
    try {
        (void)storage::layout_named("msr21");
        FAIL("no error");
    } catch (const std::out_of_range& error) {
        CHECK(std::string(error.what()).find("msr20") != std::string::npos);
    }
}

TEST_CASE("between all layouts each joint is a mean of source joints or absent") {
    for (const auto& source : storage::all_layouts())
        for (const auto& target : storage::all_layouts()) {
            const schemas::JointMap map = storage::joint_map(source, target);
            CAPTURE(source->name);
            CAPTURE(target->name);
            CHECK(map.weights.rows() == static_cast<Eigen::Index>(target->size()));
            CHECK(map.weights.minCoeff() >= 0);
            for (const float sum : map.weights.rowwise().sum()) CHECK((sum == 0.0F || std::abs(sum - 1.0F) < 1e-6F));
        }
}

TEST_CASE("between all layouts the joints of limbs and torso are found") {
    for (const auto& source : storage::all_layouts())
        for (const auto& target : storage::all_layouts()) {
            const schemas::JointMap map = storage::joint_map(source, target);
            for (const int joint : {target->centre, target->neck, target->left_shoulder, target->right_shoulder}) {
                CAPTURE(source->name + " to " + target->joints[static_cast<std::size_t>(joint)] + " of " +
                        target->name);
                CHECK_FALSE(map.weights.row(joint).isZero());
            }
        }
}

TEST_CASE("maps treat left and right alike and do not exchange them") {
    for (const auto& source : storage::all_layouts())
        for (const auto& target : storage::all_layouts()) {
            const schemas::JointMap map = storage::joint_map(source, target);
            for (const auto& [left, right] : target->pairs)
                for (const auto& [source_left, source_right] : source->pairs) {
                    CHECK(map.weights(left, source_right) <= map.weights(left, source_left));
                    CHECK(map.weights(left, source_right) == map.weights(right, source_left));
                    CHECK(map.weights(left, source_left) == map.weights(right, source_right));
                }
        }
}

TEST_CASE("a layout maps to itself joint by joint") {
    for (const auto& layout : storage::all_layouts()) CHECK(storage::joint_map(layout, layout).weights.isIdentity());
}

TEST_CASE("a pelvis that is missing is the mean of the hips") {
    const schemas::JointMap map = map_between("coco17", "msr20");
    CHECK(weight(map, "hip_centre", "left_hip") == 0.5F);
    CHECK(weight(map, "hip_centre", "right_hip") == 0.5F);
}

TEST_CASE("a spine that is missing lies between hips and shoulders") {
    const schemas::JointMap map = map_between("openpose18", "msr20");
    CHECK(weight(map, "spine", "neck") == 0.5F);
    CHECK(weight(map, "spine", "left_hip") == 0.25F);
}

TEST_CASE("feet that nobody measured are absent") {
    CHECK(is_absent(map_between("coco17", "msr20"), "left_foot"));
    CHECK(is_absent(map_between("msr20", "coco17"), "left_eye"));
}

TEST_CASE("joints of CMU are the ends of their bones") {
    const schemas::JointMap map = map_between("cmu31", "msr20");
    CHECK(weight(map, "left_knee", "lfemur") == 1);
    CHECK(weight(map, "left_elbow", "lhumerus") == 1);
    CHECK(weight(map, "right_shoulder", "rclavicle") == 1);
    CHECK(weight(map, "head", "head") == 0.5F);
}

TEST_CASE("bones called as CMU's are CMU's, in whatever order a file lists them") {
    const auto cmu = storage::layout_named("cmu31");
    std::vector<std::string> joints = cmu->joints;
    std::vector<int> parents = cmu->parents;
    std::swap(joints[15], joints[16]);  // upperneck and head
    parents[15] = 16;
    parents[16] = 14;
    CHECK(storage::layout_from_file("asf", joints, parents) == cmu);
}

TEST_CASE("bones that hang otherwise make another layout") {
    const auto cmu = storage::layout_named("cmu31");
    std::vector<int> parents = cmu->parents;
    parents[16] = 14;
    const auto layout = storage::layout_from_file("asf", cmu->joints, parents);
    CHECK(layout->name.starts_with("asf:"));
    CHECK(layout->joints[static_cast<std::size_t>(layout->left_shoulder)] == "lclavicle");
    CHECK(layout->joints[static_cast<std::size_t>(layout->neck)] == "lowerneck");
}

TEST_CASE("a skeleton of Mixamo's names is understood") {
    const auto layout = storage::layout_from_file(
        "bvh",
        {"mixamorig:Hips", "mixamorig:Spine", "mixamorig:Neck", "mixamorig:LeftShoulder", "mixamorig:LeftArm",
         "mixamorig:LeftForeArm", "mixamorig:LeftHand", "mixamorig:RightShoulder", "mixamorig:RightArm",
         "mixamorig:RightForeArm", "mixamorig:RightHand", "mixamorig:LeftUpLeg", "mixamorig:LeftLeg",
         "mixamorig:LeftFoot"},
        {-1, 0, 1, 1, 3, 4, 5, 1, 7, 8, 9, 0, 11, 12});
    CHECK(layout->left_shoulder == 4);
    CHECK(layout->right_shoulder == 8);
    CHECK(layout->centre == 0);
    CHECK(layout->neck == 2);
    CHECK(layout->mirrored()[6] == 10);
    const schemas::JointMap map = storage::joint_map(layout, storage::layout_named("msr20"));
    CHECK(weight(map, "left_elbow", "mixamorig:LeftForeArm") == 1);
    CHECK(weight(map, "left_wrist", "mixamorig:LeftHand") == 1);
    CHECK(weight(map, "left_ankle", "mixamorig:LeftFoot") == 1);
    CHECK(is_absent(map, "right_ankle"));
}

TEST_CASE("a skeleton of names that say nothing falls back on its root") {
    const auto layout = storage::layout_from_file("bvh", {"a", "b", "c"}, {-1, 0, 0});
    CHECK(problem_with(*layout).empty());
    CHECK(layout->centre == 0);
    CHECK(layout->neck == 0);
    CHECK(layout->left_shoulder == 0);
    CHECK(layout->pairs.empty());
}

TEST_CASE("equal skeletons have equal names and others do not") {
    const auto name = [](const std::vector<int>& parents) {
        return storage::layout_from_file("bvh", {"a", "b", "c"}, parents)->name;
    };
    CHECK(name({-1, 0, 0}) == name({-1, 0, 0}));
    CHECK(name({-1, 0, 0}) != name({-1, 0, 1}));
}
