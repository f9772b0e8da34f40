#pragma once

#include "annotator/views/view_context.h"

namespace annotator {

// Training: start, pause, cancel, live curves, confusion, runs side by side, promotion.
// Fills the ImGui window that is open.
//
// Thread: the UI's.
class TrainingView {
public:
    void draw(const ViewContext& context);
};

}  // namespace annotator
