#pragma once

#include "annotator/views/view_context.h"

namespace annotator {

// The queue of hard examples as cards, and the budget.
// Fills the ImGui window that is open.
//
// Thread: the UI's.
class ReviewView {
public:
    void draw(const ViewContext& context);
};

}  // namespace annotator
