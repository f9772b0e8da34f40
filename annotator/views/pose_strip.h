#pragma once

#include "annotator/views/view_context.h"

namespace annotator {

// The tools for key-points as a line of buttons, or as a menu where there is little room; and what is selected, or the
// smoothing that is on offer.
//
// Thread: the UI's.
class PoseStrip {
public:
    // In the ImGui window that is open, over its width; nothing unless key-points are edited.
    void draw(const ViewContext& context);
};

}  // namespace annotator
