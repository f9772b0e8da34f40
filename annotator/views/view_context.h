#pragma once

#include "annotator/session/workbench.h"
#include "annotator/widgets/textures.h"
#include "annotator/widgets/theme.h"

namespace annotator {

// What is there before a project is open, and whatever is drawn without one is drawn from.
struct ShellContext {
    Outbox& outbox;
    const Theme& theme;
    const Settings& settings = Settings::standard();
    const Keymap& keymap = Keymap::standard();
};

// What every view is drawn from: it reads the workbench, and leaves what the person asks for in the outbox.
struct ViewContext {
    const Workbench& bench;
    Outbox& outbox;
    const Theme& theme;
    Textures& textures;
    const Settings& settings = Settings::standard();
    const Keymap& keymap = Keymap::standard();

    [[nodiscard]] ShellContext shell() const { return {outbox, theme, settings, keymap}; }
    [[nodiscard]] const EditorModel& model() const { return bench.model(); }
    [[nodiscard]] const EditorState& state() const { return bench.state(); }
    [[nodiscard]] const Document& document() const { return bench.document(); }
};

}  // namespace annotator
