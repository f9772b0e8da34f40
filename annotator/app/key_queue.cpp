#include "annotator/app/key_queue.h"

#include <algorithm>
#include <utility>

namespace annotator {

namespace {

// A field that is asked for is drawn in one picture, has the keyboard in the next and says so in the third.
constexpr int pictures_until_settled = 4;

// Leaves a text field, or goes to the next one.
bool leaves(const Chord& chord) {
    constexpr SpecialKey keys[] = {SpecialKey::enter, SpecialKey::escape, SpecialKey::tab};
    return std::ranges::any_of(keys, [&](SpecialKey key) { return chord.key == static_cast<char32_t>(key); });
}

}  // namespace

void KeyQueue::push(KeyStroke stroke) { strokes_.push_back(std::move(stroke)); }

void KeyQueue::push_text(const std::string& text) {
    if (strokes_.empty()) strokes_.emplace_back();
    strokes_.back().text += text;
}

std::vector<KeyStroke> KeyQueue::take(bool writing) {
    if (held_pictures_ > 0) {
        --held_pictures_;
        return {};
    }
    std::vector<KeyStroke> taken;
    const auto goes_on = [&] {
        return taken.empty() || (strokes_.front().press && strokes_.front().press->repeats && taken.back().press &&
                                 taken.back().press->chord == strokes_.front().press->chord);
    };
    while (!strokes_.empty() && goes_on()) {
        taken.push_back(std::move(strokes_.front()));
        strokes_.pop_front();
        if (!taken.back().press) continue;
        taken.back().press->swallowed = writing;
        if (!writing) taken.back().text.clear();
    }
    if (writing && std::ranges::any_of(taken, [](const KeyStroke& at) { return at.press && leaves(at.press->chord); }))
        hold();
    return taken;
}

void KeyQueue::hold() { held_pictures_ = pictures_until_settled; }

}  // namespace annotator
