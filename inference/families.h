#pragma once

#include <array>
#include <span>
#include <string>
#include <string_view>

namespace inference {

// What a person is told of a model family before LibTorch is loaded.
struct FamilyCard {
    std::string_view name;     // as Engine::family takes it
    std::string_view summary;  // a few words
};

// Those of Engine::families, in its order; the usual one first.
inline constexpr std::array<FamilyCard, 4> family_cards{{
    {"tcn_clip", "convolutions over time, the quick one"},
    {"estgcn", "graph of joints, with attention and primitives"},
    {"lift_sta", "graph of joints, with attention over time"},
    {"lstm_cnn", "recurrent, then convolutions"},
}};

// Those of Engine::stream_families, which learn frames and boundaries of streams.
inline constexpr std::array<FamilyCard, 1> stream_family_cards{{
    {"ms_tcn", "frames and boundaries of streams"},
}};

inline bool is_stream_family(std::string_view name) {
    for (const FamilyCard& card : stream_family_cards)
        if (card.name == name) return true;
    return false;
}

inline std::string names_of(std::span<const FamilyCard> cards) {
    std::string names;
    for (const FamilyCard& card : cards) names += (names.empty() ? "" : ", ") + std::string(card.name);
    return names;
}
// "tcn_clip, estgcn, …"
inline std::string family_names() { return names_of(family_cards); }
inline std::string stream_family_names() { return names_of(stream_family_cards); }

}  // namespace inference
