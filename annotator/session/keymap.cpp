#include "annotator/session/keymap.h"

#include <algorithm>
#include <map>
#include <utility>

namespace annotator {

namespace {

constexpr std::pair<std::string_view, SpecialKey> special_keys[] = {{"Space", SpecialKey::space},
                                                                    {"Enter", SpecialKey::enter},
                                                                    {"Tab", SpecialKey::tab},
                                                                    {"Escape", SpecialKey::escape},
                                                                    {"Backspace", SpecialKey::backspace},
                                                                    {"Del", SpecialKey::remove},
                                                                    {"Left", SpecialKey::left},
                                                                    {"Right", SpecialKey::right},
                                                                    {"Up", SpecialKey::up},
                                                                    {"Down", SpecialKey::down},
                                                                    {"Home", SpecialKey::home},
                                                                    {"End", SpecialKey::end},
                                                                    {"PgUp", SpecialKey::page_up},
                                                                    {"PgDn", SpecialKey::page_down},
                                                                    {"F1", SpecialKey::f1},
                                                                    {"F2", SpecialKey::f2},
                                                                    {"F3", SpecialKey::f3},
                                                                    {"F4", SpecialKey::f4},
                                                                    {"F5", SpecialKey::f5},
                                                                    {"F6", SpecialKey::f6},
                                                                    {"F7", SpecialKey::f7},
                                                                    {"F8", SpecialKey::f8},
                                                                    {"F9", SpecialKey::f9},
                                                                    {"F10", SpecialKey::f10},
                                                                    {"F11", SpecialKey::f11},
                                                                    {"F12", SpecialKey::f12}};

}  // namespace

std::string text_of(const Chord& chord) {
    std::string text;
    if (chord.control) text += "Ctrl+";
    if (chord.alt) text += "Alt+";
    if (chord.shift) text += "Shift+";
    const auto* special = std::ranges::find(special_keys, static_cast<SpecialKey>(chord.key),
                                            &std::pair<std::string_view, SpecialKey>::second);
    if (special != std::end(special_keys)) return text + std::string(special->first);
    return text + static_cast<char>(chord.key);
}

std::optional<Chord> chord_from(std::string_view text) {
    Chord chord;
    const auto takes = [&](std::string_view prefix) {
        if (text.size() <= prefix.size() || !text.starts_with(prefix)) return false;
        text.remove_prefix(prefix.size());
        return true;
    };
    for (bool more = true; more;) {
        more = false;
        if (takes("Ctrl+")) chord.control = more = true;
        if (takes("Alt+")) chord.alt = more = true;
        if (takes("Shift+")) chord.shift = more = true;
    }
    const auto* special = std::ranges::find(special_keys, text, &std::pair<std::string_view, SpecialKey>::first);
    if (special != std::end(special_keys)) {
        chord.key = static_cast<char32_t>(special->second);
        return chord;
    }
    if (text.size() != 1 || text[0] <= ' ' || text[0] > '~' || (text[0] >= 'a' && text[0] <= 'z')) return std::nullopt;
    chord.key = static_cast<char32_t>(text[0]);
    return chord;
}

std::optional<Action> Keymap::action_of(const Chord& chord) const {
    if (chord == Chord{static_cast<char32_t>(SpecialKey::space)}) return Action::play_pause;
    const auto found = std::ranges::find(bindings_, chord, &KeyBinding::chord);
    return found == bindings_.end() ? std::nullopt : std::optional(found->action);
}

std::vector<Chord> Keymap::chords_of(Action action) const {
    std::vector<Chord> chords;
    for (const KeyBinding& binding : bindings_)
        if (binding.action == action) chords.push_back(binding.chord);
    return chords;
}

std::string Keymap::keys_text(Action action) const {
    const auto found = std::ranges::find(bindings_, action, &KeyBinding::action);
    return found == bindings_.end() ? "" : text_of(found->chord);
}

std::set<char32_t> Keymap::plain_keys() const {
    std::set<char32_t> keys;
    for (const KeyBinding& binding : bindings_)
        if (binding.chord == Chord{binding.chord.key}) keys.insert(binding.chord.key);
    return keys;
}

void Keymap::bind(Action action, const std::vector<Chord>& chords) {
    std::erase_if(bindings_, [&](const KeyBinding& binding) { return binding.action == action; });
    for (const Chord& chord : chords) bindings_.push_back({chord, action});
}

std::vector<KeyConflict> Keymap::conflicts() const {
    std::map<Chord, std::vector<Action>> actions;
    for (const KeyBinding& binding : bindings_) actions[binding.chord].push_back(binding.action);
    std::vector<KeyConflict> conflicts;
    for (auto& [chord, all] : actions)
        if (all.size() > 1) conflicts.push_back({chord, std::move(all)});
    return conflicts;
}

const Keymap& Keymap::standard() {
    static const Keymap keymap = preset("Editor");
    return keymap;
}

}  // namespace annotator
