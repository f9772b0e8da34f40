#pragma once

#include "annotator/views/view_context.h"

namespace annotator {

// What was found about the recordings and labels, as tables whose rows open the place they speak of.
// Fills the ImGui window that is open.
//
// Thread: the UI's.
class CurateView {
public:
    void draw(const ViewContext& context);
};

}  // namespace annotator
