#pragma once

#include <optional>
#include <string>
#include <utility>

#include "annotator/views/view_context.h"

namespace annotator {

// What a person chooses for all projects: looks, scale, sound, keys. What is changed counts at once.
//
// Thread: the UI's.
class SettingsView {
public:
    // `model` is null while no project is open.
    void draw(const ShellContext& context, const EditorModel* model);

    // A key is being chosen: the next press goes to take_key().
    [[nodiscard]] bool wants_key() const { return rebinding_.has_value(); }
    void forget_key() { rebinding_.reset(); }
    void take_key(const Chord& chord, const ShellContext& context);

private:
    void draw_looks(const ShellContext& context);
    void draw_keys(const ShellContext& context, const EditorModel* model);
    void draw_conflicts(const ShellContext& context, const EditorModel* model);
    void draw_action(const ShellContext& context, const ActionInfo& info);

    std::optional<Action> rebinding_;
    std::string filter_;
    std::optional<float> scale_, volume_;  // while their sliders are dragged
};

// Sentences about keys that several things want: actions of the keymap, and labels whose key an action has.
std::vector<std::string> key_conflicts(const Keymap& keymap, const Document* document);

}  // namespace annotator
