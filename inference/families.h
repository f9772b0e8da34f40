#pragma once

#include <array>
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

// "tcn_clip, estgcn, …"
inline std::string family_names() {
    std::string names;
    for (const FamilyCard& card : family_cards) names += (names.empty() ? "" : ", ") + std::string(card.name);
    return names;
}

}  // namespace inference
