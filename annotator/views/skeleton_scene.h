#pragma once

#include <imgui.h>

#include <Eigen/Core>
#include <memory>
#include <optional>
#include <span>

#include "annotator/views/pane_layout.h"
#include "schemas/frame.h"
#include "schemas/skeleton.h"

// Looking at skeletons in space: x to the right, y up, z towards whoever looks along -z; metres. Pure.
namespace annotator {

// Looks at `target` from a distance: at yaw 0 along -z, at a positive pitch from above.
struct OrbitCamera {
    static constexpr float nearest = 0.3F, farthest = 60, steepest = 1.55F;

    Eigen::Vector3f target = Eigen::Vector3f::Zero();
    float yaw = 0;    // radians
    float pitch = 0;  // radians
    float distance = 4;
};

// Turned as a ball under the mouse: half the pane's height is a quarter turn.
OrbitCamera orbited(OrbitCamera camera, ImVec2 mouse_moved, float pane_height);
OrbitCamera nearer(OrbitCamera camera, float by);

// A place on the screen and how far it is before the eye, along the line of sight.
struct ScenePoint {
    ImVec2 at{};
    float depth = 0;
};

// What a camera sees in a pane; the pane's height is 35 degrees.
class SceneProjection {
public:
    SceneProjection(const OrbitCamera& camera, const PaneRect& pane);

    // nullopt where the point is not before the eye.
    [[nodiscard]] std::optional<ScenePoint> screen_from(const Eigen::Vector3f& point) const;
    // The point seen there at that depth.
    [[nodiscard]] Eigen::Vector3f point_from(ImVec2 at, float depth) const;
    [[nodiscard]] float pixels_a_metre(float depth) const { return focal_ / depth; }
    // How far the target moves so that the scene follows the mouse.
    [[nodiscard]] Eigen::Vector3f moved_by(ImVec2 mouse, float depth) const;

private:
    Eigen::Vector3f eye_, right_, up_, forward_;
    ImVec2 middle_;
    float focal_ = 1;  // pixels
};

using Skeletons = std::span<const std::shared_ptr<const schemas::SkeletonSequence>>;

// The middle of all that is seen about a frame: the mean of the skeletons' centres over half a second to either side,
// so that it moves smoothly. nullopt where nothing is seen.
std::optional<Eigen::Vector3f> centre_about(Skeletons skeletons, const schemas::FrameTable& times,
                                            schemas::FrameIndex frame);

// What stays the same while skeletons are looked at.
struct SceneMeasures {
    float ground = 0;       // height of the ground: where feet stand
    float height = 1.7F;    // of the tallest, metres
    float spread = 1;       // how far from their middle skeletons reach, sideways
    float front_yaw = 0;    // from where the first one is seen from the front
    bool anything = false;  // else nobody is ever seen
};
SceneMeasures measures_of(Skeletons skeletons, schemas::FrameSpan clip);

// Sees everybody from a little above and beside the front.
OrbitCamera first_view(const SceneMeasures& measures, const Eigen::Vector3f& centre);

// The distance between lines of the ground's grid, metres: 0.1, 0.5, 1 or 5, by the size of what stands on it.
float grid_step(float height);

}  // namespace annotator
