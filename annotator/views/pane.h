#pragma once

#include <imgui.h>

#include <string>

#include "annotator/views/pane_layout.h"
#include "annotator/views/view_context.h"

// What all panes of a take have in common.
namespace annotator {

// What stands above a pane.
struct PaneHeader {
    std::string name;     // of the recording
    std::string details;  // kind, size …
    std::string problem;  // empty, or why it is not shown
};

// What a person asks of the view that the pane is in.
enum class PaneAsks { nothing, enlarge };

// The kind of mark that says that a picture is not quite what one might think.
void draw_badge(ImDrawList& list, const Theme& theme, ImVec2 at, const std::string& text);
// A sentence in the middle of a pane that has nothing else to show.
void draw_message(ImDrawList& list, const Theme& theme, const PaneRect& pane, const std::string& text, ImU32 colour);

}  // namespace annotator
