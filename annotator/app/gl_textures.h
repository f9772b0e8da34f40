#pragma once

#include <cstdint>
#include <unordered_map>

#include "annotator/widgets/textures.h"

namespace annotator {

// Textures in the current OpenGL context.
class GlTextures : public Textures {
public:
    ~GlTextures() override;
    ImTextureID texture(std::uint64_t key, std::uint64_t version, const schemas::Picture& picture) override;
    // Frees what was not asked for during the last frames.
    void end_frame();

private:
    struct Entry {
        unsigned name = 0;
        std::uint64_t version = 0;
        int width = 0, height = 0;
        std::uint64_t used = 0;
    };
    static constexpr std::uint64_t frames_kept = 120;
    std::unordered_map<std::uint64_t, Entry> entries_;
    std::uint64_t frame_ = 0;
};

}  // namespace annotator
