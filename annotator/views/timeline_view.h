#pragma once

#include "annotator/views/view_context.h"

namespace annotator {

// The timeline: ruler, sound, curves, proposals, labels, key poses and comments of the clip that is shown.
// Fills the ImGui window that is open.
//
// Thread: the UI's.
class TimelineView {
public:
    void draw(const ViewContext& context);
};

}  // namespace annotator
