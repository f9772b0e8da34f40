#pragma once

#include "annotator/widgets/theme.h"

namespace annotator {

// Puts the fonts of the theme, at its scale, into ImGui's atlas and into the theme. Inter where it is installed, else
// DejaVu Sans, else ImGui's own.
void load_fonts(Theme& theme);

}  // namespace annotator
