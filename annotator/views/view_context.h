#pragma once

#include "annotator/session/workbench.h"
#include "annotator/widgets/textures.h"
#include "annotator/widgets/theme.h"

namespace annotator {

// What every view is drawn from: it reads the workbench, and leaves what the person asks for in the outbox.
struct ViewContext {
    const Workbench& bench;
    Outbox& outbox;
    const Theme& theme;
    Textures& textures;

    [[nodiscard]] const EditorModel& model() const { return bench.model(); }
    [[nodiscard]] const EditorState& state() const { return bench.state(); }
    [[nodiscard]] const Document& document() const { return bench.document(); }
};

}  // namespace annotator
