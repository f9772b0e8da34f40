#include "annotator/session/key_routing.h"

#include <doctest/doctest.h>

#include "tests/annotator/labelling.h"

using namespace annotator;

namespace {

std::optional<Action> action(const char* keys, const KeyCircumstances& at = {}) {
    const auto intent = intent_of(*chord_from(keys), Keymap::standard(), at);
    const Action* found = intent ? std::get_if<Action>(&*intent) : nullptr;
    return found == nullptr ? std::nullopt : std::optional(*found);
}

bool closes(const std::optional<Intent>& intent) {
    const auto* window = intent ? std::get_if<WindowIntent>(&*intent) : nullptr;
    const auto* ask = window != nullptr ? std::get_if<Ask>(window) : nullptr;
    return ask != nullptr && ask->what == Asking::nothing;
}

}  // namespace

TEST_CASE("a text field swallows every key") {
    for (const char* keys : {"Space", "K", "Ctrl+Z", "Enter", "F1", "Del"}) {
        CHECK(action(keys));
        CHECK_FALSE(intent_of(*chord_from(keys), Keymap::standard(), {Asking::command, true, false}));
        CHECK_FALSE(intent_of(*chord_from(keys), Keymap::standard(), {Asking::nothing, true, false}));
    }
}

TEST_CASE("Escape closes what is open, then clears the selection, and out of a text field does nothing else") {
    const Chord escape = *chord_from("Escape");
    CHECK(closes(intent_of(escape, Keymap::standard(), {Asking::go_to, true, false})));
    CHECK(closes(intent_of(escape, Keymap::standard(), {Asking::cheat_sheet, false, false})));
    CHECK(action("Escape") == Action::clear_selection);
    CHECK_FALSE(intent_of(escape, Keymap::standard(), {Asking::nothing, true, false}));
}

TEST_CASE("a key that is held down steps on, and does nothing else twice") {
    const KeyCircumstances held{Asking::nothing, false, true};
    for (const char* keys : {"Right", "Shift+Left", "Down", "Ctrl+Z", "Alt+]"}) CHECK(action(keys, held));
    for (const char* keys : {"Space", "S", "A", "Enter", "Del", "Ctrl+T", "?"}) CHECK_FALSE(action(keys, held));
}

TEST_CASE("a key that nothing else has is that of a label of the active track") {
    tests::Labelling labelling;
    const auto& line = labelling.state().line;
    REQUIRE(line);
    const auto intent = label_intent_of(*chord_from("1"), Keymap::standard(), labelling.model().document(), line);
    REQUIRE(intent);
    CHECK(std::get<UseLabel>(std::get<LabelIntent>(*intent)).label == schemas::LabelId{1});
    CHECK_FALSE(label_intent_of(*chord_from("Ctrl+1"), Keymap::standard(), labelling.model().document(), line));
    CHECK_FALSE(label_intent_of(*chord_from("9"), Keymap::standard(), labelling.model().document(), line));
    CHECK_FALSE(label_intent_of(*chord_from("1"), Keymap::standard(), labelling.model().document(), std::nullopt));
}

TEST_CASE("keys wait for the picture that was asked for, but for those that go on to another one") {
    PictureWait wait;
    const std::optional<Intent> step(Action::step_forward), mark(Action::mark_in), label;
    CHECK_FALSE(wait.holds(mark, false, 1));
    CHECK_FALSE(wait.holds(step, true, 1));
    CHECK(wait.holds(mark, true, 1));
    CHECK(wait.holds(label, true, 2));
    CHECK_FALSE(wait.holds(mark, false, 3));
    CHECK(wait.holds(mark, true, 10));
    // A picture that does not come.
    CHECK(wait.holds(mark, true, 12.9));
    CHECK_FALSE(wait.holds(mark, true, 13.1));
}
