#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "annotator/widgets/theme.h"

namespace annotator {

struct HeatCell {
    int row = 0, column = 0;

    bool operator==(const HeatCell&) const = default;
};

// Counts of what was there (rows) against what a model said (columns). Each row is coloured by its shares; the
// count stands in each cell that is large enough, so colour is not needed. `counts` has names x names values.
// Returns the cell that was clicked. Scrolls within `size` when there are many names.
std::optional<HeatCell> heat_map(const char* id, const Theme& theme, ImVec2 size, std::span<const std::string> names,
                                 std::span<const std::int64_t> counts, std::optional<HeatCell> selected);

}  // namespace annotator
