#pragma once

#include <cstdint>
#include <initializer_list>

#include "schemas/id.h"

namespace annotator {

// Which place of the screen, or which picture, a texture is of (widgets/textures.h).
enum class TextureOf : std::uint64_t { video = 1, depth, thumbnail };

// A key for what these numbers name.
constexpr std::uint64_t texture_key(TextureOf what, std::int64_t a, std::int64_t b = 0) {
    std::uint64_t key = 0;
    // Steele, Lea and Flood 2014: the finaliser of SplitMix64.
    for (const std::uint64_t part :
         {static_cast<std::uint64_t>(what), static_cast<std::uint64_t>(a), static_cast<std::uint64_t>(b)}) {
        key += part + 0x9e3779b97f4a7c15U;
        key = (key ^ (key >> 30U)) * 0xbf58476d1ce4e5b9U;
        key = (key ^ (key >> 27U)) * 0x94d049bb133111ebU;
        key ^= key >> 31U;
    }
    return key;
}

}  // namespace annotator
