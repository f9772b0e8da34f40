#pragma once

#include "annotator/views/view_context.h"

namespace annotator {

// The tools for key-points as a line of buttons, which becomes several where there is little room; with the smoothing
// that is on offer another one.
//
// Thread: the UI's.
class PoseStrip {
public:
    // In the ImGui window that is open, over its width; nothing unless key-points are edited.
    void draw(const ViewContext& context);
};

}  // namespace annotator
