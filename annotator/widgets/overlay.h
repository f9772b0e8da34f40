#pragma once

#include "annotator/widgets/theme.h"

namespace annotator {

// A panel above everything else, centred, with a shadow: for what the window asks. Not modal. Sizes in points; no
// larger than the window. Draw between begin and end, whatever begin says.
void begin_overlay(const char* name, const Theme& theme, float width, float height, float top);
void end_overlay();

// A heading with a button that closes, at the top of an overlay; true when it was clicked.
bool overlay_heading(const Theme& theme, const char* title);

// The name of a key in a small frame: "Ctrl+K". Returns its width in pixels; drawn when a list is given.
float key_chip(ImDrawList* list, const Theme& theme, ImVec2 at, const char* text);

// A button with its key behind the text: "Split  S". `keys` may be empty.
float key_button_width(const Theme& theme, const char* text, const char* keys);
bool key_button(const Theme& theme, const char* text, const char* keys);

}  // namespace annotator
