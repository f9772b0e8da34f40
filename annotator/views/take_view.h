#pragma once

#include "annotator/views/view_context.h"

namespace annotator {

// The recordings of the clip that is shown, side by side: video, depth, skeletons in space and over pictures.
// Fills the ImGui window that is open.
//
// Thread: the UI's.
class TakeView {
public:
    void draw(const ViewContext& context);
};

}  // namespace annotator
