#pragma once

#include <optional>

#include "annotator/document/document.h"
#include "annotator/session/intents.h"
#include "annotator/session/keymap.h"

namespace annotator {

// What a key finds when it goes down.
struct KeyCircumstances {
    Asking asking = Asking::nothing;
    bool writing = false;  // a text field has the keyboard
    bool repeats = false;  // the key is held down
};

// What a key asks for; nullopt where it asks for nothing. A text field takes all keys but Escape, which leaves the
// field; else Escape closes what is open, and then clears the selection. Only what goes step by step repeats.
std::optional<Intent> intent_of(const Chord& chord, const Keymap& keymap, const KeyCircumstances& at);

// What a key that does nothing else asks for as the key of a label of the active track; nullopt where it is none.
std::optional<Intent> label_intent_of(const Chord& chord, const Keymap& keymap, const Document& document,
                                      const std::optional<Line>& line);

}  // namespace annotator
