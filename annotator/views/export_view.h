#pragma once

#include "annotator/views/view_context.h"

namespace annotator {

// Splits and exports: scheme, groups, counts, leaks, format.
// Fills the ImGui window that is open.
//
// Thread: the UI's.
class ExportView {
public:
    void draw(const ViewContext& context);
};

}  // namespace annotator
