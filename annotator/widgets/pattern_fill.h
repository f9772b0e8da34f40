#pragma once

#include "annotator/widgets/theme.h"

namespace annotator {

// A bar in a colour and, over it, the pattern that tells its state. What is outlined is not filled.
void fill_with_pattern(ImDrawList& list, const Theme& theme, ImVec2 from, ImVec2 to, ImU32 colour, Pattern pattern,
                       float rounding);

}  // namespace annotator
