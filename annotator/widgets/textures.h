#pragma once

#include <imgui.h>

#include <cstdint>

#include "schemas/picture.h"

namespace annotator {

// Pictures on the graphics card. A key names a place on the screen or a picture that stays the same; what was not
// asked for during some frames is freed.
//
// Thread: the UI's.
class Textures {
public:
    virtual ~Textures() = default;
    // The picture under that key, uploaded when `version` differs from the last one's. Null where there is no
    // graphics card (tests).
    virtual ImTextureID texture(std::uint64_t key, std::uint64_t version, const schemas::Picture& picture) = 0;
};

}  // namespace annotator
