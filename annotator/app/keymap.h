#pragma once

#include <compare>
#include <cstdint>
#include <map>
#include <optional>
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

// Which keys do what.
class Keymap {
public:
    // Presets: "Editor" (the default), "CVAT", "ELAN", "BORIS". Throws std::invalid_argument for others.
    static Keymap preset(std::string_view name);

    [[nodiscard]] std::optional<Action> action_of(const Chord& chord) const;
    [[nodiscard]] std::vector<Chord> chords_of(Action action) const;

private:
    std::map<Chord, Action> actions_;
};

}  // namespace annotator
