#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "annotator/session/actions.h"

namespace annotator {

// Keys that are no characters. Others are told by what they type without Shift: upper-case for letters ('K', '[', '5').
enum class SpecialKey : char32_t {
    space = 0x110000,
    enter,
    tab,
    escape,
    backspace,
    remove,
    left,
    right,
    up,
    down,
    home,
    end,
    page_up,
    page_down,
    f1,
    f2,
    f3,
    f4,
    f5,
    f6,
    f7,
    f8,
    f9,
    f10,
    f11,
    f12
};

// A key with what is held down beside it.
struct Chord {
    char32_t key = 0;  // a character or a SpecialKey
    bool control = false, shift = false, alt = false;

    auto operator<=>(const Chord&) const = default;
};

// "Ctrl+Shift+Z", "Space", "Alt+["; nullopt for what is no chord.
std::string text_of(const Chord& chord);
std::optional<Chord> chord_from(std::string_view text);

struct KeyBinding {
    Chord chord;
    Action action{};

    bool operator==(const KeyBinding&) const = default;
};

// A chord that several actions want; the first one gets it.
struct KeyConflict {
    Chord chord;
    std::vector<Action> actions;
};

// Which keys do what.
class Keymap {
public:
    // "Editor" (the default), "CVAT", "ELAN", "BORIS".
    static std::span<const std::string_view> preset_names();
    // Throws std::invalid_argument for others.
    static Keymap preset(std::string_view name);
    // The default, kept.
    static const Keymap& standard();

    // Space alone plays and pauses, whatever is bound to it.
    [[nodiscard]] std::optional<Action> action_of(const Chord& chord) const;
    // The one to show first.
    [[nodiscard]] std::vector<Chord> chords_of(Action action) const;
    // "Ctrl+Z"; "" where no key does it.
    [[nodiscard]] std::string keys_text(Action action) const;
    // What is taken without Ctrl, Shift and Alt, so that labels get other keys.
    [[nodiscard]] std::set<char32_t> plain_keys() const;
    // These chords and no others do it from now on.
    void bind(Action action, const std::vector<Chord>& chords);
    [[nodiscard]] std::vector<KeyConflict> conflicts() const;
    [[nodiscard]] const std::vector<KeyBinding>& bindings() const { return bindings_; }

private:
    std::vector<KeyBinding> bindings_;
};

}  // namespace annotator
