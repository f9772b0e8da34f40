#pragma once

#include "annotator/widgets/theme.h"

namespace annotator {

enum class SplitterAxis { left_right, up_down };
// The part beside a splitter that keeps its size when the window grows.
enum class SplitterKeeps { before, after };

// A bar that is dragged to change the size, in points, of the part beside it. While it is dragged it stays between the limits.
void splitter(const char* name, const Theme& theme, SplitterAxis axis, SplitterKeeps keeps, float& points, float least,
              float most);

}  // namespace annotator
