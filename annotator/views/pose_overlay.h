#pragma once

#include <span>

#include "annotator/views/pane_mapping.h"
#include "annotator/views/view_context.h"

namespace annotator {

// Key-points as they are corrected: what is selected, dragged, locked or previewed, over the joints of a pane.
//
// Thread: the UI's.
class PoseOverlay {
public:
    // Draws over a pane whose joints are drawn. True while the mouse is the overlay's: over a joint or dragging one,
    // so that the pane must not turn or move.
    bool draw(const ViewContext& context, std::span<const DrawnJoint> joints, const PaneMapping& mapping);
};

}  // namespace annotator
