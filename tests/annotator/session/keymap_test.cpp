#include "annotator/session/keymap.h"

#include <doctest/doctest.h>

#include <algorithm>

#include "annotator/views/command_list.h"

using namespace annotator;

namespace {

Chord chord(std::string_view text) {
    const auto found = chord_from(text);
    REQUIRE_MESSAGE(found, text);
    return *found;
}

const Chord space{static_cast<char32_t>(SpecialKey::space)};

}  // namespace

TEST_CASE("a chord is written and read back") {
    for (const char* text : {"Ctrl+Z", "Ctrl+Alt+Shift+[", "Space", "PgDn", "?", "F12", "Shift+Tab", "Ctrl+,", "+"})
        CHECK(text_of(chord(text)) == text);
    for (const char* text : {"", "Ctrl+", "Hyper+Z", "z", "ZZ", "F13"}) CHECK_FALSE(chord_from(text));
}

TEST_CASE("every action is in the palette, and has a key in every preset or is reached by the palette") {
    for (const std::string_view name : Keymap::preset_names()) {
        const Keymap keymap = Keymap::preset(name);
        const auto commands = action_commands(keymap);
        CHECK(commands.size() == all_actions().size());
        CHECK_MESSAGE(!keymap.chords_of(Action::command_palette).empty(), name);
        for (const ActionInfo& info : all_actions())
            CHECK_MESSAGE(std::ranges::count(commands, Intent(info.action).index(),
                                             [](const Command& command) { return command.intent.index(); }) > 0,
                          info.name);
    }
}

TEST_CASE("no preset gives one key to two actions") {
    for (const std::string_view name : Keymap::preset_names())
        for (const KeyConflict& conflict : Keymap::preset(name).conflicts())
            FAIL_CHECK(name, ": ", text_of(conflict.chord), " is taken twice");
}

TEST_CASE("Space is never anything but play") {
    for (const std::string_view name : Keymap::preset_names())
        CHECK(Keymap::preset(name).action_of(space) == Action::play_pause);
    Keymap keymap;
    keymap.bind(Action::remove, {space});
    CHECK(keymap.action_of(space) == Action::play_pause);
}

TEST_CASE("what is done most has a key of its own in every preset") {
    for (const std::string_view name : Keymap::preset_names()) {
        const Keymap keymap = Keymap::preset(name);
        for (const Action action :
             {Action::play_pause, Action::step_back, Action::step_forward, Action::make_segment, Action::mark_in,
              Action::mark_out, Action::accept, Action::reject, Action::split, Action::merge, Action::undo,
              Action::redo, Action::next_in_queue, Action::label_palette, Action::cheat_sheet, Action::go_to})
            CHECK_MESSAGE(!keymap.chords_of(action).empty(), name, ": ", info_of(action).name);
    }
}

TEST_CASE("the keys of other programs do here what they do there") {
    CHECK(Keymap::preset("CVAT").action_of(chord("F")) == Action::step_forward);
    CHECK(Keymap::preset("CVAT").action_of(chord("Ctrl+Z")) == Action::undo);
    CHECK(Keymap::preset("ELAN").action_of(chord("Ctrl+Right")) == Action::step_forward);
    CHECK(Keymap::preset("ELAN").action_of(chord("Alt+N")) == Action::make_segment);
    CHECK(Keymap::preset("BORIS").action_of(chord("/")) == Action::step_back);
}

TEST_CASE("with BORIS' keys letters and digits alone belong to labels") {
    for (const char32_t key : Keymap::preset("BORIS").plain_keys())
        CHECK_FALSE(((key >= 'A' && key <= 'Z') || (key >= '0' && key <= '9')));
}

TEST_CASE("binding replaces an action's keys, and a key that two want is a conflict that the first wins") {
    Keymap keymap = Keymap::preset("Editor");
    keymap.bind(Action::split, {chord("Y")});
    CHECK_FALSE(keymap.action_of(chord("S")));
    CHECK(keymap.action_of(chord("Y")) == Action::split);
    CHECK(keymap.keys_text(Action::split) == "Y");
    keymap.bind(Action::merge, {chord("Y")});
    REQUIRE(keymap.conflicts().size() == 1);
    CHECK(keymap.conflicts()[0].actions == std::vector{Action::split, Action::merge});
    CHECK(keymap.action_of(chord("Y")) == Action::split);
}

TEST_CASE("a keymap that there is not is refused") { CHECK_THROWS_AS(Keymap::preset("vi"), std::invalid_argument); }
