#pragma once

#include <optional>
#include <span>
#include <vector>

#include "annotator/views/pane.h"
#include "annotator/views/pane_mapping.h"
#include "annotator/views/pose_overlay.h"
#include "schemas/camera.h"
#include "schemas/skeleton.h"

namespace annotator {

// A picture as it is recorded and as it is meant to look.
struct CanvasPicture {
    ImTextureID texture = nullptr;
    bool there = false;
    int width = 0, height = 0;  // pixels that positions in it count
    float aspect = 1;           // width over height on the screen
};

// A skeleton over a picture: in its pixels, or in metres before a camera.
struct OverlaidSkeleton {
    schemas::StreamId stream{};
    const schemas::SkeletonSequence* sequence = nullptr;
    std::optional<schemas::PinholeCamera> camera;
};

// The skeletons of a clip whose place in a picture is known: pixels over the first picture of the take, those of
// MSR-Action3D over its depth.
std::vector<OverlaidSkeleton> skeletons_over_video(const ClipMedia& media, std::size_t video);
std::vector<OverlaidSkeleton> skeletons_over_depth(const ClipMedia& media, std::size_t depth);

// A picture that is zoomed with the wheel and moved with the mouse, with skeletons over it.
class PictureCanvas {
public:
    PaneAsks draw(const ViewContext& context, const PaneRect& pane, const CanvasPicture& picture,
                  std::span<const OverlaidSkeleton> skeletons, PoseOverlay& overlay);
    // How many pixels of the screen the longer side of the picture took.
    [[nodiscard]] float longest_side() const { return longest_side_; }
    [[nodiscard]] const std::vector<DrawnJoint>& joints() const { return joints_; }

private:
    PictureZoom zoom_;
    float longest_side_ = 0;
    std::vector<DrawnJoint> joints_;
};

}  // namespace annotator
