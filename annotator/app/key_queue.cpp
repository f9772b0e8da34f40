#include "annotator/app/key_queue.h"

#include <algorithm>
#include <utility>

namespace annotator {

namespace {

// A field that is asked for is drawn in one picture, has the keyboard in the next and says so in the third.
constexpr int pictures_until_settled = 4, most_pictures_held = 40;

// Leaves a text field, or goes to the next one.
bool leaves(const Chord& chord) {
    constexpr SpecialKey keys[] = {SpecialKey::enter, SpecialKey::escape, SpecialKey::tab};
    return std::ranges::any_of(keys, [&](SpecialKey key) { return chord.key == static_cast<char32_t>(key); });
}

// What comes in behind another key is of an input method.
bool may_type(const KeyStroke& stroke) {
    if (stroke.is_click) return false;
    if (!stroke.press) return true;
    const Chord& chord = stroke.press->chord;
    const bool character = chord.key <= '~' || chord.key == static_cast<char32_t>(SpecialKey::space);
    return stroke.text.empty() && !chord.control && !chord.alt && character;
}

}  // namespace

void KeyQueue::push(KeyStroke stroke) { strokes_.push_back(std::move(stroke)); }

void KeyQueue::push_text(const std::string& text) {
    if (strokes_.empty() || !may_type(strokes_.back())) strokes_.emplace_back();
    strokes_.back().text += text;
}

void KeyQueue::push_click() { strokes_.push_back({.press = {}, .code = -1, .text = {}, .is_click = true}); }

KeyStroke KeyQueue::pop() {
    KeyStroke stroke = std::move(strokes_.front());
    strokes_.pop_front();
    return stroke;
}

std::optional<KeyPress> KeyQueue::take_shortcut(const May& may) {
    while (held_pictures_ == 0 && !strokes_.empty()) {
        const bool waits = may && strokes_.front().press && !may(*strokes_.front().press);
        if (waits && !strokes_.front().press->repeats) break;
        const KeyStroke stroke = pop();
        if (waits) continue;
        if (stroke.is_click) hold();
        if (stroke.press) return stroke.press;
    }
    return std::nullopt;
}

std::vector<KeyStroke> KeyQueue::take(bool writing, Text text) {
    std::vector<KeyStroke> taken;
    while (held_pictures_ == 0 && !strokes_.empty()) {
        const bool types = writing && !strokes_.front().text.empty();
        if (!taken.empty() && !types) break;
        if (strokes_.front().is_click) {
            pop();
            hold();
            break;
        }
        taken.push_back(pop());
        KeyStroke& stroke = taken.back();
        if (stroke.press) stroke.press->swallowed = writing;
        if (!writing) stroke.text.clear();
        // ImGui repeats keys that are held down by itself.
        if (stroke.press && stroke.press->repeats && !types)
            taken.pop_back();
        else if (writing && stroke.press && leaves(stroke.press->chord))
            hold();
        else if (types && text == Text::together)
            continue;
        else
            break;
    }
    return taken;
}

void KeyQueue::hold(std::optional<bool> until_writing) {
    held_pictures_ = pictures_until_settled;
    longest_hold_ = most_pictures_held;
    until_writing_ = until_writing;
}

void KeyQueue::next_picture(bool writing) {
    if (held_pictures_ == 0) return;
    --longest_hold_;
    const bool settled = !until_writing_ || *until_writing_ == writing || longest_hold_ <= 0;
    held_pictures_ = std::max(settled ? 0 : 1, held_pictures_ - 1);
}

}  // namespace annotator
