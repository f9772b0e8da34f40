#include "annotator/views/scene_drawing.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

namespace annotator {

namespace {

using Eigen::Vector3f;
using schemas::FrameIndex;
using schemas::SkeletonSequence;

constexpr int grid_lines = 9;  // to each side
constexpr FrameIndex most_trail_points = 48;
constexpr int shadow_discs = 6, shadow_corners = 32;
constexpr float shadow_radius = 0.24F;  // of the height

bool is_seen(const SkeletonSequence& sequence, FrameIndex frame, std::size_t joint) {
    return sequence.confidence_at(frame, joint) > 0 && sequence.at(frame, joint).allFinite();
}

void draw_line(ImDrawList& list, const SceneProjection& scene, const Vector3f& from, const Vector3f& to, ImU32 colour,
               float thickness) {
    const auto a = scene.screen_from(from), b = scene.screen_from(to);
    if (a && b) list.AddLine(a->at, b->at, colour, thickness);
}

// Joints that no other hangs from: hands, feet, head.
std::vector<std::size_t> ends_of(const schemas::SkeletonLayout& layout) {
    std::vector<bool> has_child(layout.size());
    for (const int parent : layout.parents)
        if (parent >= 0) has_child[static_cast<std::size_t>(parent)] = true;
    std::vector<std::size_t> ends;
    for (std::size_t joint = 0; joint < layout.size(); ++joint)
        if (!has_child[joint]) ends.push_back(joint);
    return ends;
}

}  // namespace

void draw_ground(ImDrawList& list, const Theme& theme, const SceneProjection& scene, const Vector3f& about,
                 const SceneMeasures& measures) {
    const float step = grid_step(measures.height), reach = step * grid_lines;
    const float middle_x = std::round(about.x() / step) * step, middle_z = std::round(about.z() / step) * step;
    const ImU32 colour = mixed(theme.grid, theme.faint_text, 0.5F);
    const auto at = [&](float x, float z) { return Vector3f(x, measures.ground, z); };
    const auto shade = [&](float x, float z) {
        const float away = std::hypot(x - about.x(), z - about.z()) / reach;
        return with_alpha(colour, 0.75F * std::clamp(1 - away * away, 0.0F, 1.0F));
    };
    for (int i = -grid_lines; i <= grid_lines; ++i)
        for (int j = -grid_lines; j < grid_lines; ++j) {
            const float a = step * static_cast<float>(i), b = step * static_cast<float>(j), half = step / 2;
            const float width = theme.px(1);
            draw_line(list, scene, at(middle_x + a, middle_z + b), at(middle_x + a, middle_z + b + step),
                      shade(middle_x + a, middle_z + b + half), width);
            draw_line(list, scene, at(middle_x + b, middle_z + a), at(middle_x + b + step, middle_z + a),
                      shade(middle_x + b + half, middle_z + a), width);
        }
}

void draw_axes(ImDrawList& list, const Theme& theme, const OrbitCamera& camera, ImVec2 at) {
    OrbitCamera beside = camera;
    beside.target = Vector3f::Zero();
    beside.distance = 10;
    const float half = theme.px(22);
    const SceneProjection scene(beside, {{at.x - half, at.y - half}, {at.x + half, at.y + half}});
    const auto origin = scene.screen_from(Vector3f::Zero());
    const std::pair<Vector3f, const char*> axes[] = {
        {Vector3f::UnitX(), "x"}, {Vector3f::UnitY(), "y"}, {Vector3f::UnitZ(), "z"}};
    const float reach = 2.2F;
    for (const auto& [axis, name] : axes) {
        const auto end = scene.screen_from(reach * axis), text = scene.screen_from(1.45F * reach * axis);
        if (!origin || !end || !text) continue;
        list.AddLine(origin->at, end->at, theme.faint_text, theme.px(1.5F));
        const ImVec2 size = ImGui::CalcTextSize(name);
        list.AddText({text->at.x - size.x / 2, text->at.y - size.y / 2}, theme.faint_text, name);
    }
}

PlacedSkeleton placed_in(const SceneProjection& scene, const SkeletonSequence& sequence, FrameIndex frame, float height,
                         const Theme& theme) {
    PlacedSkeleton placed{sequence.layout.get(), {}, 1, true};
    placed.joints.resize(sequence.joints());
    if (frame < 0 || frame >= sequence.frames() || schemas::is_dead_frame(sequence, frame)) return placed;
    // Of a body of 1.7 m; smaller recordings have thinner bones.
    const float thickness = bone_radius * height / 1.7F;
    for (std::size_t joint = 0; joint < sequence.joints(); ++joint) {
        const auto at = is_seen(sequence, frame, joint) ? scene.screen_from(sequence.at(frame, joint)) : std::nullopt;
        if (!at) continue;
        const float radius = std::clamp(thickness * scene.pixels_a_metre(at->depth), theme.px(1), theme.px(9));
        placed.joints[joint] = {at->at, at->depth, sequence.confidence_at(frame, joint), radius};
    }
    return placed;
}

void draw_shadow(ImDrawList& list, const SceneProjection& scene, const SkeletonSequence& sequence, FrameIndex frame,
                 const SceneMeasures& measures) {
    const auto centre = static_cast<std::size_t>(sequence.layout->centre);
    if (frame < 0 || frame >= sequence.frames() || schemas::is_dead_frame(sequence, frame)) return;
    if (!is_seen(sequence, frame, centre)) return;
    const Vector3f at = sequence.at(frame, centre);
    // Discs over each other, so that it is darkest in the middle.
    for (int disc = 1; disc <= shadow_discs; ++disc) {
        const float radius =
            shadow_radius * measures.height * static_cast<float>(disc) / static_cast<float>(shadow_discs);
        std::array<ImVec2, shadow_corners> corners{};
        for (std::size_t i = 0; i < corners.size(); ++i) {
            // Seen from above the corners run as the clock does, as soft edges need it.
            const float angle = 2 * std::numbers::pi_v<float> * static_cast<float>(i) / shadow_corners;
            const auto corner = scene.screen_from(
                {at.x() + radius * std::cos(angle), measures.ground, at.z() + radius * std::sin(angle)});
            if (!corner) return;
            corners[i] = corner->at;
        }
        list.AddConvexPolyFilled(corners.data(), shadow_corners, IM_COL32(0, 0, 0, 22));
    }
}

void draw_trails(ImDrawList& list, const Theme& theme, const SceneProjection& scene, const SkeletonSequence& sequence,
                 schemas::FrameSpan span) {
    const std::vector<BodySide> sides = sides_of(*sequence.layout);
    const FrameIndex begin = std::max<FrameIndex>(0, span.begin), end = std::min(span.end, sequence.frames());
    const FrameIndex step = std::max<FrameIndex>(1, (end - begin) / most_trail_points);
    for (const std::size_t joint : ends_of(*sequence.layout)) {
        const ImU32 colour = colour_of(sides[joint], theme);
        // From now backwards, so that the newest piece always ends at the joint.
        for (FrameIndex frame = end - 1; frame - step >= begin; frame -= step) {
            if (!is_seen(sequence, frame, joint) || !is_seen(sequence, frame - step, joint)) continue;
            const float age =
                static_cast<float>(end - frame) / static_cast<float>(std::max<FrameIndex>(1, end - begin));
            draw_line(list, scene, sequence.at(frame - step, joint), sequence.at(frame, joint),
                      with_alpha(colour, 0.8F * (1 - age)), theme.px(2.5F - 1.5F * age));
        }
    }
}

}  // namespace annotator
