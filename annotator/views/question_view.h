#pragma once

#include "annotator/views/view_context.h"

namespace annotator {

// What the window asks for beside the workspaces: command palette, keyboard sheet, label, frame, comment, paths.
// Fills the ImGui window that is open.
//
// Thread: the UI's.
class QuestionView {
public:
    void draw(const ViewContext& context);
};

}  // namespace annotator
