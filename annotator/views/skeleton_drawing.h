#pragma once

#include <imgui.h>

#include <span>
#include <vector>

#include "annotator/widgets/theme.h"
#include "schemas/skeleton.h"

namespace annotator {

enum class BodySide { middle, left, right };
std::vector<BodySide> sides_of(const schemas::SkeletonLayout& layout);
ImU32 colour_of(BodySide side, const Theme& theme);

// A joint of a skeleton that is about to be drawn.
struct PlacedJoint {
    ImVec2 at{};
    float depth = 0;       // what is deeper is drawn first
    float confidence = 0;  // 0: not drawn
    float radius = 0;      // pixels, of the bone that leads to it; the joint is a little thicker
};

// One skeleton as it lies on the screen; joints in the order of the layout.
struct PlacedSkeleton {
    const schemas::SkeletonLayout* layout = nullptr;
    std::vector<PlacedJoint> joints;
    float alpha = 1;    // of an onion skin less
    bool solid = true;  // else a thin outline, as frames before and after are drawn
};

// Bones and joints from the deepest to the nearest: left and right of the body in the theme's colours, as opaque as
// they are confident but at least a quarter, with a rim that sets them off from whatever lies behind.
void draw_skeletons(ImDrawList& list, const Theme& theme, std::span<const PlacedSkeleton> skeletons);

}  // namespace annotator
