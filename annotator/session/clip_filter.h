#pragma once

#include <optional>
#include <string>

#include "schemas/annotation.h"

namespace annotator {

// Which clips are listed: those that pass all of it.
struct ClipFilter {
    std::string text;
    std::optional<schemas::FrameState> state;  // somewhere in the clip
    std::optional<schemas::LabelId> category;  // somewhere in the clip, in any layer but truth
    std::optional<schemas::PerformerId> performer;
    enum class Problems { any, only } problems = Problems::any;

    bool operator==(const ClipFilter&) const = default;
    [[nodiscard]] bool empty() const { return *this == ClipFilter{}; }
};

}  // namespace annotator
