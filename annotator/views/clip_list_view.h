#pragma once

#include "annotator/views/view_context.h"

namespace annotator {

// All clips of the project, with filters and a bar of states for each.
// Fills the ImGui window that is open.
//
// Thread: the UI's.
class ClipListView {
public:
    void draw(const ViewContext& context);
};

}  // namespace annotator
