#pragma once

#include "annotator/views/view_context.h"

namespace annotator {

// What is selected: label, span, score, who made it, from which proposal of which model, comments.
// Fills the ImGui window that is open.
//
// Thread: the UI's.
class InspectorView {
public:
    void draw(const ViewContext& context);
};

}  // namespace annotator
