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

// What is pressed right after going to a frame is about that frame: keys wait for its picture, but for those that go on
// from there.
class PictureWait {
public:
    // Whether a key that asks for this has to wait, while a picture is on its way or not. Not for ever: one that does
    // not come in three seconds holds nothing back. `now` is in seconds.
    bool holds(const std::optional<Intent>& intent, bool seeking, double now);

private:
    std::optional<double> since_;
};

}  // namespace annotator
