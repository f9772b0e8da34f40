#pragma once

#include "annotator/views/view_context.h"

namespace annotator {

// The line at the bottom: saved, jobs with progress, budget, the annotator's hour; and notices above it.
// Fills the ImGui window that is open.
//
// Thread: the UI's.
class StatusView {
public:
    void draw(const ViewContext& context);
};

}  // namespace annotator
