#include "annotator/views/skeleton_scene.h"

#include <doctest/doctest.h>

#include <numbers>
#include <random>

#include "schemas/alignment.h"
#include "storage/skeleton/layout_registry.h"

namespace annotator {
namespace {

using doctest::Approx;
using Eigen::Vector3f;
using schemas::FrameIndex;

const PaneRect pane{{100, 50}, {900, 650}};

std::shared_ptr<schemas::SkeletonSequence> standing(FrameIndex frames, const Vector3f& at, bool turned = false) {
    const auto layout = storage::layout_named("msr20");
    auto sequence = std::make_shared<schemas::SkeletonSequence>(schemas::SkeletonSequence::empty(layout, frames));
    for (FrameIndex frame = 0; frame < frames; ++frame)
        for (std::size_t joint = 0; joint < layout->size(); ++joint) {
            const std::string& name = layout->joints[joint];
            const float side = name.starts_with("left") ? 0.2F : name.starts_with("right") ? -0.2F : 0;
            const float height = name.ends_with("foot") ? 0.0F : name == "head" ? 1.7F : 1;
            sequence->set(frame, joint, at + (turned ? Vector3f(-side, height, 0) : Vector3f(side, height, 0)));
            sequence->confidence[static_cast<std::size_t>(frame) * layout->size() + joint] = 1;
        }
    return sequence;
}

}  // namespace

TEST_CASE("the camera sees its target in the middle of the pane, at its distance") {
    OrbitCamera camera;
    camera.target = {1, 2, 3};
    camera.yaw = 0.7F;
    camera.pitch = 0.3F;
    camera.distance = 5;
    const auto seen = SceneProjection(camera, pane).screen_from(camera.target);
    REQUIRE(seen);
    CHECK(seen->at.x == Approx(500));
    CHECK(seen->at.y == Approx(350));
    CHECK(seen->depth == Approx(5));
}

TEST_CASE("at yaw 0 x goes to the right, y up, and what has a larger z is nearer") {
    const SceneProjection scene(OrbitCamera{}, pane);
    const auto middle = *scene.screen_from({0, 0, 0});
    CHECK(scene.screen_from({1, 0, 0})->at.x > middle.at.x);
    CHECK(scene.screen_from({0, 1, 0})->at.y < middle.at.y);
    CHECK(scene.screen_from({0, 0, 1})->depth < middle.depth);
    CHECK_FALSE(scene.screen_from({0, 0, 10}));
}

TEST_CASE("a place on the screen at the depth of a point is that point") {
    std::mt19937 random(1);
    std::uniform_real_distribution<float> any(-1, 1);
    for (int i = 0; i < 200; ++i) {
        OrbitCamera camera;
        camera.target = {any(random), any(random), any(random)};
        camera.yaw = 3 * any(random);
        camera.pitch = 1.5F * any(random);
        const SceneProjection scene(camera, pane);
        const Vector3f point(any(random), any(random), any(random));
        const auto seen = scene.screen_from(point);
        REQUIRE(seen);
        CHECK((scene.point_from(seen->at, seen->depth) - point).norm() < 1e-4F);
    }
}

TEST_CASE("turning keeps the target in the middle and never tips over") {
    OrbitCamera camera;
    camera = orbited(camera, {300, 100000}, 600);
    CHECK(camera.pitch == OrbitCamera::steepest);
    CHECK(camera.yaw == Approx(-std::numbers::pi / 2));
    CHECK(SceneProjection(camera, pane).screen_from(camera.target)->at.x == Approx(500));
    CHECK(nearer(camera, 1e6F).distance == OrbitCamera::nearest);
    CHECK(nearer(camera, 1e-6F).distance == OrbitCamera::farthest);
}

TEST_CASE("moving the scene with the mouse keeps the point under it") {
    OrbitCamera camera;
    camera.yaw = 1;
    const SceneProjection before(camera, pane);
    camera.target += before.moved_by({30, -20}, camera.distance);
    const auto seen = *SceneProjection(camera, pane).screen_from(Vector3f::Zero());
    CHECK(seen.at.x == Approx(530));
    CHECK(seen.at.y == Approx(330));
}

TEST_CASE("the first view shows a dancer from the front, whole, on the ground") {
    for (const bool turned : {false, true}) {
        const std::shared_ptr<const schemas::SkeletonSequence> dancer = standing(50, {3, 0.5F, -2}, turned);
        const std::shared_ptr<const schemas::SkeletonSequence> all[] = {dancer};
        const SceneMeasures measures = measures_of(all, {0, 50});
        CHECK(measures.anything);
        CHECK(measures.ground == Approx(0.5));
        CHECK(measures.height == Approx(1.7));
        const auto times = schemas::evenly_spaced(50, {25, 1});
        const OrbitCamera camera = first_view(measures, centre_about(all, times, 10).value());
        const SceneProjection scene(camera, pane);
        const auto left = static_cast<std::size_t>(dancer->layout->left_shoulder);
        const auto right = static_cast<std::size_t>(dancer->layout->right_shoulder);
        CHECK(scene.screen_from(dancer->at(10, left))->at.x > scene.screen_from(dancer->at(10, right))->at.x);
        for (std::size_t joint = 0; joint < dancer->joints(); ++joint) {
            const auto seen = scene.screen_from(dancer->at(10, joint));
            REQUIRE(seen);
            CHECK(seen->at.x > pane.low.x);
            CHECK(seen->at.x < pane.high.x);
            CHECK(seen->at.y > pane.low.y);
            CHECK(seen->at.y < pane.high.y);
        }
    }
}

TEST_CASE("frames in which nobody is seen move neither the ground nor the middle") {
    auto dancer = standing(40, {0, 0, 0});
    for (FrameIndex frame = 20; frame < 40; ++frame)
        for (std::size_t joint = 0; joint < dancer->joints(); ++joint) {
            dancer->set(frame, joint, Vector3f(0, -9, 0));
            dancer->confidence[static_cast<std::size_t>(frame) * dancer->joints() + joint] = 0;
        }
    const std::shared_ptr<const schemas::SkeletonSequence> all[] = {dancer};
    CHECK(measures_of(all, {0, 40}).ground == Approx(0));
    CHECK_FALSE(measures_of(all, {25, 40}).anything);
    const auto times = schemas::evenly_spaced(40, {10, 1});
    CHECK(centre_about(all, times, 22)->y() == Approx(1));
    CHECK_FALSE(centre_about(all, times, 35));
}

}  // namespace annotator
