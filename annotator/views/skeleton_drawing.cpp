#include "annotator/views/skeleton_drawing.h"

#include <algorithm>
#include <cmath>

namespace annotator {

namespace {

constexpr float faintest = 0.25F;  // of what was seen at all
constexpr float joint_thickness = 1.35F;
constexpr float joint_in_front = 0.02F;  // metres, of the bones that meet in it

struct Stroke {
    ImVec2 from{}, to{};  // the same: a joint
    float depth = 0;
    float radius = 0;
    float from_radius = 0;
    ImU32 colour = 0;
    float alpha = 0;
    bool solid = true;
};

float opacity(const PlacedJoint& joint) {
    return joint.confidence > 0 ? std::clamp(joint.confidence, faintest, 1.0F) : 0;
}

void add_strokes(const PlacedSkeleton& skeleton, const Theme& theme, std::vector<Stroke>& strokes) {
    const std::vector<BodySide> sides = sides_of(*skeleton.layout);
    for (std::size_t i = 0; i < skeleton.joints.size(); ++i) {
        const PlacedJoint& joint = skeleton.joints[i];
        if (opacity(joint) <= 0) continue;
        const ImU32 colour = colour_of(sides[i], theme);
        const float radius = joint.radius * joint_thickness;
        // A joint covers the bones that meet in it.
        if (skeleton.solid)
            strokes.push_back({joint.at, joint.at, joint.depth - joint_in_front, radius, radius, colour,
                               skeleton.alpha * opacity(joint), true});
        if (skeleton.layout->parents[i] < 0) continue;
        const PlacedJoint& parent = skeleton.joints[static_cast<std::size_t>(skeleton.layout->parents[i])];
        const float alpha = skeleton.alpha * std::min(opacity(joint), opacity(parent));
        if (alpha > 0)
            strokes.push_back({parent.at, joint.at, (joint.depth + parent.depth) / 2, joint.radius, parent.radius,
                               colour, alpha, skeleton.solid});
    }
}

// Both ends as wide as they are near.
void draw_bone(ImDrawList& list, const Stroke& stroke, float rim, ImU32 colour) {
    const float x = stroke.to.x - stroke.from.x, y = stroke.to.y - stroke.from.y;
    const float length = std::hypot(x, y);
    if (length < 0.5F) return;
    const ImVec2 across{-y / length, x / length};
    const float a = stroke.from_radius + rim, b = stroke.radius + rim;
    const ImVec2 corners[] = {{stroke.from.x + a * across.x, stroke.from.y + a * across.y},
                              {stroke.to.x + b * across.x, stroke.to.y + b * across.y},
                              {stroke.to.x - b * across.x, stroke.to.y - b * across.y},
                              {stroke.from.x - a * across.x, stroke.from.y - a * across.y}};
    // Soft edges need the order of the clock.
    list.AddQuadFilled(corners[3], corners[2], corners[1], corners[0], colour);
}

void draw_stroke(ImDrawList& list, const Theme& theme, const Stroke& stroke) {
    const ImU32 colour = with_alpha(stroke.colour, stroke.alpha);
    if (!stroke.solid) {
        list.AddLine(stroke.from, stroke.to, colour, std::max(1.0F, stroke.radius));
        return;
    }
    const float rim = theme.px(1);
    const ImU32 edge = with_alpha(IM_COL32(0, 0, 0, 255), 0.55F * stroke.alpha);
    const bool is_joint = stroke.from.x == stroke.to.x && stroke.from.y == stroke.to.y;
    if (is_joint) {
        list.AddCircleFilled(stroke.to, stroke.radius + rim, edge);
        list.AddCircleFilled(stroke.to, stroke.radius, colour);
    } else {
        draw_bone(list, stroke, rim, edge);
        draw_bone(list, stroke, 0, colour);
    }
}

}  // namespace

std::vector<BodySide> sides_of(const schemas::SkeletonLayout& layout) {
    std::vector<BodySide> sides(layout.size(), BodySide::middle);
    for (const auto& [left, right] : layout.pairs) {
        sides[static_cast<std::size_t>(left)] = BodySide::left;
        sides[static_cast<std::size_t>(right)] = BodySide::right;
    }
    return sides;
}

ImU32 colour_of(BodySide side, const Theme& theme) {
    return side == BodySide::left ? theme.left : side == BodySide::right ? theme.right : theme.middle;
}

void draw_skeletons(ImDrawList& list, const Theme& theme, std::span<const PlacedSkeleton> skeletons) {
    std::vector<Stroke> strokes;
    for (const PlacedSkeleton& skeleton : skeletons) add_strokes(skeleton, theme, strokes);
    std::ranges::stable_sort(strokes, [](const Stroke& a, const Stroke& b) { return a.depth > b.depth; });
    for (const Stroke& stroke : strokes) draw_stroke(list, theme, stroke);
}

}  // namespace annotator
