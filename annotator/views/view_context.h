#pragma once

#include "annotator/session/workbench.h"
#include "annotator/widgets/landmarks.h"
#include "annotator/widgets/textures.h"
#include "annotator/widgets/theme.h"

namespace annotator {

// What is there before a project is open, and whatever is drawn without one is drawn from.
struct ShellContext {
    Outbox& outbox;
    const Theme& theme;
    const Settings& settings = Settings::standard();
    const Keymap& keymap = Keymap::standard();
    Landmarks* landmarks = nullptr;  // where they are wanted

    // "Undo  Ctrl+Z": what is said of a button that shows neither.
    [[nodiscard]] std::string told(Action action) const {
        const std::string keys = keymap.keys_text(action);
        return std::string(info_of(action).title) + (keys.empty() ? "" : "  " + keys);
    }
    // " (Ctrl+Z)", behind words that speak of it; "" where no key does it.
    [[nodiscard]] std::string in_brackets(Action action) const {
        const std::string keys = keymap.keys_text(action);
        return keys.empty() ? "" : " (" + keys + ")";
    }
    // The item that was drawn last is where that is done.
    void mark(Action action) const { mark(std::string(info_of(action).name)); }
    void mark(const std::string& name) const {
        if (landmarks != nullptr) landmarks->mark(name, {ImGui::GetItemRectMin(), ImGui::GetItemRectMax()});
    }
};

// What every view is drawn from: it reads the workbench, and leaves what the person asks for in the outbox.
struct ViewContext {
    const Workbench& bench;
    Outbox& outbox;
    const Theme& theme;
    Textures& textures;
    const Settings& settings = Settings::standard();
    const Keymap& keymap = Keymap::standard();
    Landmarks* landmarks = nullptr;

    [[nodiscard]] ShellContext shell() const { return {outbox, theme, settings, keymap, landmarks}; }
    void mark(Action action) const { shell().mark(action); }
    void mark(const std::string& name) const { shell().mark(name); }
    [[nodiscard]] std::string told(Action action) const { return shell().told(action); }
    [[nodiscard]] std::string in_brackets(Action action) const { return shell().in_brackets(action); }
    [[nodiscard]] const EditorModel& model() const { return bench.model(); }
    [[nodiscard]] const EditorState& state() const { return bench.state(); }
    [[nodiscard]] const Document& document() const { return bench.document(); }
};

}  // namespace annotator
