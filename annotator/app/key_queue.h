#pragma once

#include <deque>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "annotator/session/keymap.h"

namespace annotator {

// A key that went down, or repeats.
struct KeyPress {
    Chord chord;
    bool repeats = false;
    bool swallowed = false;  // a text field had the keyboard
};

// A key with what it typed; an input method gives text without a key.
struct KeyStroke {
    std::optional<KeyPress> press;
    int code = -1;  // the window system's; -1 where a script pressed it
    std::string text;
    bool is_click = false;  // no key, but a click of the mouse, which comes in between
};

// Keys wait here for whom they are meant for. A key can give the keyboard to a text field or take it away, and ImGui
// knows of that some pictures later: what is pressed meanwhile is kept until then, so that it is neither lost nor taken
// for the other thing.
//
// Thread: the UI's.
class KeyQueue {
public:
    void push(KeyStroke stroke);
    // What the key that came last typed, or an input method.
    void push_text(const std::string& text);
    // What comes after it waits as long as behind a key that gives the keyboard away.
    void push_click();

    // The next key where neither a field nor a question has the keyboard; what it typed is for nobody. One that may not
    // come yet stays, and so do those behind it; a repeated one goes.
    using May = std::function<bool(const KeyPress& press)>;
    std::optional<KeyPress> take_shortcut(const May& may = {});
    // What the next picture sees where one has. Text comes together, unless it is wanted one by one; other keys come
    // one a picture, for ImGui sees no more.
    enum class Text { together, one_by_one };
    std::vector<KeyStroke> take(bool writing, Text text);
    // The keyboard changes hands: nothing comes for some pictures, and longer until a field has it, or none, where that
    // is what will be.
    void hold(std::optional<bool> until_writing = {});
    // A picture was drawn.
    void next_picture(bool writing);
    // Nothing waits, and the keyboard does not change hands.
    [[nodiscard]] bool settled() const { return strokes_.empty() && held_pictures_ == 0; }

private:
    KeyStroke pop();

    std::deque<KeyStroke> strokes_;
    int held_pictures_ = 0;  // at least, and 0 when nothing is held
    int longest_hold_ = 0;   // pictures that are left of it
    std::optional<bool> until_writing_;
};

}  // namespace annotator
