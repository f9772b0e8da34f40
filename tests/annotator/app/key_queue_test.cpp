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

constexpr auto together = KeyQueue::Text::together;
constexpr auto one_by_one = KeyQueue::Text::one_by_one;

std::string shortcut(KeyQueue& keys) {
    const auto press = keys.take_shortcut();
    return press ? text_of(press->chord) : "";
}

}  // namespace

TEST_CASE("shortcuts come in order, as many as there are") {
    KeyQueue keys;
    for (const char* key : {"I", "O", "Ctrl+Z"}) keys.push(stroke(key));
    CHECK(shortcut(keys) == "I");
    CHECK(shortcut(keys) == "O");
    CHECK_FALSE(keys.settled());
    CHECK(shortcut(keys) == "Ctrl+Z");
    CHECK(keys.settled());
    CHECK(shortcut(keys).empty());
}

TEST_CASE("a key that may not come yet holds back those behind it; while it is held down it comes once") {
    KeyQueue keys;
    for (const char* key : {"Right", "I", "O"}) keys.push(stroke(key));
    bool seeking = true;
    const auto next = [&] {
        const auto press =
            keys.take_shortcut([&](const KeyPress& wanted) { return !seeking || text_of(wanted.chord) == "Right"; });
        return press ? text_of(press->chord) : "";
    };
    CHECK(next() == "Right");
    CHECK(next().empty());
    CHECK_FALSE(keys.settled());
    keys.push(stroke("Down", "", true));
    seeking = false;
    CHECK(next() == "I");
    seeking = true;
    CHECK(next().empty());
    seeking = false;
    CHECK(next() == "O");
    seeking = true;
    CHECK(next().empty());
    CHECK(keys.settled());
}

TEST_CASE("what is typed behind a click waits for what the click does") {
    KeyQueue keys;
    keys.push(stroke("A"));
    keys.push_click();
    keys.push_text("q");
    keys.push(stroke("U", "u"));
    CHECK(shortcut(keys) == "A");
    CHECK(shortcut(keys).empty());
    CHECK_FALSE(keys.settled());
    for (int picture = 0; picture < 4; ++picture) {
        CHECK(keys.take(false, together).empty());
        keys.next_picture(picture >= 2);
    }
    CHECK(seen(keys.take(true, together)) == ":q U!:u");
    CHECK(keys.settled());
}

TEST_CASE("what is typed behind a shortcut waits until the field has the keyboard") {
    KeyQueue keys;
    keys.push(stroke("G"));
    keys.push_text("g");
    keys.push(stroke("1"));
    keys.push_text("1");
    CHECK(shortcut(keys) == "G");
    keys.hold();
    CHECK(shortcut(keys).empty());
    int pictures = 0;
    std::vector<KeyStroke> taken;
    while (taken.empty() && pictures < 20) {
        keys.next_picture(pictures >= 2);
        taken = keys.take(++pictures >= 3, together);
    }
    CHECK(pictures > 3);
    CHECK(seen(taken) == "1!:1");
    CHECK(keys.settled());
}

TEST_CASE("what is typed waits for a field that is slow to come, but not for ever") {
    for (const int slow : {10, 1000}) {
        KeyQueue keys;
        keys.push(stroke("5", "5"));
        keys.hold(true);
        int pictures = 0;
        while (!keys.settled() && pictures < 100 && keys.take(pictures >= slow, together).empty())
            keys.next_picture(++pictures >= slow);
        CHECK(pictures == (slow == 10 ? 10 : 40));
    }
    // A field that is about to go has not gone yet.
    KeyQueue keys;
    keys.push(stroke("A", "a"));
    keys.hold(false);
    for (int i = 0; i < 8; ++i) keys.next_picture(true);
    CHECK(shortcut(keys).empty());
    keys.next_picture(false);
    CHECK(shortcut(keys) == "A");
}

TEST_CASE("text comes together, up to the key that leaves the field; what follows is no text") {
    for (const char* leaving : {"Enter", "Escape", "Tab"}) {
        KeyQueue keys;
        keys.push(stroke("L", "l"));
        keys.push(stroke("A", "a"));
        keys.push(stroke(leaving));
        keys.push(stroke("A", "a"));
        CHECK(seen(keys.take(true, together)) == "L!:l A!:a");
        CHECK(seen(keys.take(true, together)) == leaving + std::string("!"));
        CHECK(keys.take(true, together).empty());
        for (int i = 0; i < 4; ++i) {
            CHECK(shortcut(keys).empty());
            keys.next_picture(false);
        }
        CHECK(shortcut(keys) == "A");
        CHECK(keys.settled());
    }
}

TEST_CASE("text comes one by one where each may end the question, and other keys always do") {
    KeyQueue keys;
    keys.push(stroke("5", "5"));
    keys.push(stroke("A", "a"));
    CHECK(seen(keys.take(true, one_by_one)) == "5!:5");
    CHECK(seen(keys.take(true, one_by_one)) == "A!:a");
    for (int i = 0; i < 2; ++i) keys.push(stroke("Backspace"));
    CHECK(seen(keys.take(true, together)) == "Backspace!");
    CHECK(seen(keys.take(true, together)) == "Backspace!");
    // A question without a field: what is typed is for nobody.
    keys.push(stroke("Down", "", false));
    keys.push(stroke("A", "a"));
    CHECK(seen(keys.take(false, together)) == "Down");
    CHECK(seen(keys.take(false, together)) == "A");
    CHECK(keys.settled());
}

TEST_CASE("ImGui repeats keys that are held down by itself, not text") {
    KeyQueue keys;
    keys.push(stroke("Backspace"));
    for (int i = 0; i < 3; ++i) keys.push(stroke("Backspace", "", true));
    keys.push(stroke("A", "a"));
    keys.push(stroke("A", "a", true));
    CHECK(seen(keys.take(true, together)) == "Backspace!");
    CHECK(seen(keys.take(true, together)) == "A!:a A!:a");
}

TEST_CASE("text of an input method comes without a key") {
    KeyQueue keys;
    keys.push_text("舞");
    CHECK(seen(keys.take(true, together)) == ":舞");
    CHECK(keys.settled());
    keys.push_text("舞");
    CHECK(shortcut(keys).empty());
    CHECK(keys.settled());
}

TEST_CASE("text of an input method does not stick to a key that has typed, or types nothing") {
    for (const auto& [key, typed] :
         {std::pair("Ctrl+A", ""), std::pair("Alt+A", ""), std::pair("Left", ""), std::pair("G", "g")}) {
        KeyQueue keys;
        keys.push(stroke(key, typed));
        keys.push_text("舞");
        CHECK(shortcut(keys) == key);
        CHECK(seen(keys.take(true, together)) == ":舞");
    }
    KeyQueue keys;
    keys.push(stroke("Space"));
    keys.push_text(" ");
    CHECK(seen(keys.take(true, together)) == "Space!: ");
}
