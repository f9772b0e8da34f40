#pragma once

#include "annotator/views/label_picker.h"
#include "annotator/views/view_context.h"

namespace annotator {

// The labels of the active track with their keys, the model's five likeliest first.
// Fills the ImGui window that is open.
//
// Thread: the UI's.
class LabelView {
public:
    void draw(const ViewContext& context);

private:
    LabelList list_;
};

}  // namespace annotator
