#include "annotator/app/key_queue.h"

#include <doctest/doctest.h>

using namespace annotator;

namespace {

KeyStroke stroke(const char* chord, const char* text = "", bool repeats = false) {
    return {KeyPress{*chord_from(chord), repeats, false}, 1, text};
}

// "G:text G! …": the chords of the strokes that a picture sees, what they type, and ! for those a field swallows.
std::string seen(const std::vector<KeyStroke>& strokes) {
    std::string text;
    for (const KeyStroke& at : strokes) {
        if (!text.empty()) text += ' ';
        if (at.press) text += text_of(at.press->chord) + (at.press->swallowed ? "!" : "");
        if (!at.text.empty()) text += ":" + at.text;
    }
    return text;
}

}  // namespace

TEST_CASE("keys come one a picture, in order") {
    KeyQueue keys;
    for (const char* key : {"I", "O", "Ctrl+Z"}) keys.push(stroke(key));
    CHECK(seen(keys.take(false)) == "I");
    CHECK(seen(keys.take(false)) == "O");
    CHECK_FALSE(keys.settled());
    CHECK(seen(keys.take(false)) == "Ctrl+Z");
    CHECK(keys.settled());
    CHECK(keys.take(false).empty());
}

TEST_CASE("the repeats of a key that is held down come together") {
    KeyQueue keys;
    keys.push(stroke("Right"));
    for (int i = 0; i < 2; ++i) keys.push(stroke("Right", "", true));
    keys.push(stroke("Left"));
    CHECK(seen(keys.take(false)) == "Right Right Right");
    CHECK(seen(keys.take(false)) == "Left");
}

TEST_CASE("a shortcut types nothing; what is typed behind it waits until the field has the keyboard") {
    KeyQueue keys;
    keys.push(stroke("G"));
    keys.push_text("g");
    keys.push(stroke("1"));
    keys.push_text("1");
    CHECK(seen(keys.take(false)) == "G");
    keys.hold();
    int pictures = 0;
    std::vector<KeyStroke> taken;
    while (taken.empty() && pictures < 20) {
        taken = keys.take(pictures >= 2);
        ++pictures;
    }
    CHECK(pictures > 3);
    CHECK(seen(taken) == "1!:1");
    CHECK(keys.settled());
}

TEST_CASE("what follows the key that leaves a field is no text") {
    for (const char* leaving : {"Enter", "Escape", "Tab"}) {
        KeyQueue keys;
        keys.push(stroke(leaving));
        keys.push(stroke("A", "a"));
        CHECK(seen(keys.take(true)) == leaving + std::string("!"));
        CHECK(keys.take(true).empty());
        CHECK_FALSE(keys.settled());
        for (int i = 0; i < 3; ++i) CHECK(keys.take(false).empty());
        CHECK(seen(keys.take(false)) == "A");
    }
}

TEST_CASE("text of an input method comes without a key") {
    KeyQueue keys;
    keys.push_text("舞");
    CHECK(seen(keys.take(true)) == ":舞");
    CHECK(keys.settled());
}
