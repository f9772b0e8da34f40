#pragma once

#include <string>
#include <vector>

#include "annotator/views/view_context.h"

namespace annotator {

// A pane that can be shown or not.
struct PaneChoice {
    std::string name;
    bool shown = true;
};

// What lies below the panes of a take: playing, speed, the number and time of the frame that is shown, and which panes
// there are.
//
// Thread: the UI's.
class TakeToolbar {
public:
    [[nodiscard]] static float height(const Theme& theme) { return theme.px(34); }
    // Fills the width from the cursor on. What the person chooses is changed in `panes`.
    void draw(const ViewContext& context, std::vector<PaneChoice>& panes) const;
};

// "1×", "1/4×", "−2×".
std::string speed_text(double speed);

}  // namespace annotator
