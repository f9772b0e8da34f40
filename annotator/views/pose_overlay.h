#pragma once

#include <optional>
#include <span>
#include <vector>

#include "annotator/views/pane_mapping.h"
#include "annotator/views/view_context.h"

namespace annotator {

// Key-points as they are corrected, over the joints of a pane: handles that are clicked and dragged (Ctrl and Shift
// select several, Shift and a drag over the pane all within), and what is previewed. A handle's ring is as full as its
// joint is sure; a dot in it says that a person corrected it, a cross that it is occluded.
//
// Thread: the UI's.
class PoseOverlay {
public:
    // Draws over a pane whose joints are drawn; nothing unless key-points are edited. True while the mouse is the
    // overlay's, so that the pane must not turn or move.
    bool draw(const ViewContext& context, std::span<const DrawnJoint> joints, const PaneMapping& mapping);

private:
    // From the press of the mouse on a joint to its release, in the pane that it began in.
    struct Drag {
        schemas::StreamId stream{};
        int joint = 0;
        schemas::FrameIndex frame = 0;
        ImVec2 pane{};  // its corner
        ImVec2 pressed{};
        ImVec2 grip{};  // from the mouse to the joint
        Eigen::Vector3f from;
        bool moving = false;
        bool shown = false;  // its preview was there
    };
    struct Band {
        ImVec2 pane{};
        ImVec2 from{};
    };

    void find_handles(const ViewContext& context, std::span<const DrawnJoint> joints, const PaneMapping& mapping);
    bool follow_mouse(const ViewContext& context, std::span<const DrawnJoint> joints, const PaneMapping& mapping);
    void press(const ViewContext& context, const DrawnJoint& joint, const PaneMapping& mapping);
    void follow_drag(const ViewContext& context, const PaneMapping& mapping);
    void follow_band(const ViewContext& context, std::span<const DrawnJoint> joints);

    std::vector<DrawnJoint> handles_;  // of the pane that is being drawn
    std::optional<Drag> drag_;
    std::optional<Band> band_;
};

}  // namespace annotator
