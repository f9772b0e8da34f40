#include "annotator/session/key_routing.h"

#include <algorithm>

#include "annotator/session/label_keys.h"

namespace annotator {

namespace {

constexpr Action steps[] = {Action::step_back,
                            Action::step_forward,
                            Action::step_back_ten,
                            Action::step_forward_ten,
                            Action::step_back_second,
                            Action::step_forward_second,
                            Action::previous_boundary,
                            Action::next_boundary,
                            Action::previous_clip,
                            Action::next_clip,
                            Action::nudge_start_back,
                            Action::nudge_start_forward,
                            Action::nudge_end_back,
                            Action::nudge_end_forward,
                            Action::nudge_start_back_five,
                            Action::nudge_start_forward_five,
                            Action::nudge_end_back_five,
                            Action::nudge_end_forward_five,
                            Action::select_next,
                            Action::select_previous,
                            Action::next_line,
                            Action::previous_line,
                            Action::next_joint,
                            Action::previous_joint,
                            Action::zoom_in,
                            Action::zoom_out,
                            Action::undo,
                            Action::redo};

}  // namespace

std::optional<Intent> intent_of(const Chord& chord, const Keymap& keymap, const KeyCircumstances& at) {
    const bool escape = chord == Chord{static_cast<char32_t>(SpecialKey::escape)};
    if (escape && at.asking != Asking::nothing) return WindowIntent(Ask{Asking::nothing});
    if (at.writing) return std::nullopt;
    const auto action = keymap.action_of(chord);
    if (!action || (at.repeats && std::ranges::find(steps, *action) == std::end(steps))) return std::nullopt;
    return *action;
}

std::optional<Intent> label_intent_of(const Chord& chord, const Keymap& keymap, const Document& document,
                                      const std::optional<Line>& line) {
    if (!line || chord != Chord{chord.key}) return std::nullopt;
    for (const LabelKey& key : label_keys(document, line->track, keymap.plain_keys()))
        if (key.key == chord.key) return LabelIntent(UseLabel{key.label});
    return std::nullopt;
}

bool PictureWait::holds(const std::optional<Intent>& intent, bool seeking, double now) {
    constexpr double longest = 3;
    const auto* action = intent ? std::get_if<Action>(&*intent) : nullptr;
    const bool goes_on = action != nullptr && info_of(*action).group == ActionGroup::playing;
    if (!seeking || goes_on || now - since_.value_or(now) > longest) {
        since_.reset();
        return false;
    }
    since_ = since_.value_or(now);
    return true;
}

}  // namespace annotator
