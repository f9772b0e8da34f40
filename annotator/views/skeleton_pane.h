#pragma once

#include <memory>
#include <vector>

#include "annotator/views/pane.h"
#include "annotator/views/pane_mapping.h"
#include "annotator/views/pose_overlay.h"
#include "annotator/views/scene_drawing.h"

namespace annotator {

// How skeletons in space are looked at, as the person has set it.
struct SceneOptions {
    int onion_frames = 0;        // before and after
    double onion_seconds = 0.1;  // from one to the next
    double trail_seconds = 0;
    bool names = true;
    bool follow = true;  // the dancers stay in the middle
};

// The skeletons of all performers in one space. Dragging turns it, with Shift or the middle button moves it, the wheel
// comes nearer, a double click looks from the front again.
//
// Thread: the UI's.
class SkeletonPane {
public:
    static PaneHeader header(const ViewContext& context);
    void draw(const ViewContext& context, const PaneRect& pane, PoseOverlay& overlay);
    // Widgets for the options, in the window that is open.
    void draw_options(const ViewContext& context);
    void reset_view() { placed_ = false; }

private:
    struct Performer {
        const ClipMedia::Skeleton* source = nullptr;
        PlacedSkeleton placed;
    };

    void follow_clip(const ViewContext& context);
    void place_camera(const ViewContext& context);
    void draw_behind(const ViewContext& context, const SceneProjection& scene);
    void draw_names(const ViewContext& context, const PaneRect& pane, const std::vector<Performer>& performers) const;
    void handle_mouse(const PaneRect& pane, const SceneProjection& scene, bool hovered, bool active);
    [[nodiscard]] schemas::FrameSpan trail(const ViewContext& context) const;

    SceneOptions options_;
    OrbitCamera camera_;
    bool placed_ = false;
    Eigen::Vector3f moved_ = Eigen::Vector3f::Zero();  // of the camera's target, by the person

    // Of the clip that was drawn last.
    schemas::ClipId clip_{};
    std::vector<std::shared_ptr<const schemas::SkeletonSequence>> sequences_;
    SceneMeasures measures_;
    Eigen::Vector3f centre_ = Eigen::Vector3f::Zero();
    std::vector<DrawnJoint> joints_;
};

}  // namespace annotator
