#pragma once

#include "annotator/views/skeleton_drawing.h"
#include "annotator/views/skeleton_scene.h"

// What a scene of skeletons is drawn with.
namespace annotator {

// A grid on the ground around a place; it fades with the distance.
void draw_ground(ImDrawList& list, const Theme& theme, const SceneProjection& scene, const Eigen::Vector3f& about,
                 const SceneMeasures& measures);
// Which way x, y and z go, in a corner of the pane.
void draw_axes(ImDrawList& list, const Theme& theme, const OrbitCamera& camera, ImVec2 at);

// Thickness of a bone, metres.
constexpr float bone_radius = 0.013F;

// A frame of a sequence as the scene is seen; joints that were not seen or lie behind the eye are not drawn.
PlacedSkeleton placed_in(const SceneProjection& scene, const schemas::SkeletonSequence& sequence,
                         schemas::FrameIndex frame, float height, const Theme& theme);
void draw_shadow(ImDrawList& list, const SceneProjection& scene, const schemas::SkeletonSequence& sequence,
                 schemas::FrameIndex frame, const SceneMeasures& measures);
// The ways of hands, feet and head from `begin` to `end`, fading backwards.
void draw_trails(ImDrawList& list, const Theme& theme, const SceneProjection& scene,
                 const schemas::SkeletonSequence& sequence, schemas::FrameSpan span);

}  // namespace annotator
