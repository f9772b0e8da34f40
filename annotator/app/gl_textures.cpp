#include "annotator/app/gl_textures.h"

#include <epoxy/gl.h>

namespace annotator {

GlTextures::~GlTextures() {
    for (const auto& [key, entry] : entries_) glDeleteTextures(1, &entry.name);
}

ImTextureID GlTextures::texture(std::uint64_t key, std::uint64_t version, const schemas::Picture& picture) {
    Entry& entry = entries_[key];
    entry.used = frame_;
    const bool fresh = entry.name == 0;
    if (fresh) glGenTextures(1, &entry.name);
    if (fresh || entry.version != version || entry.width != picture.width || entry.height != picture.height) {
        glBindTexture(GL_TEXTURE_2D, entry.name);
        glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_MIN_FILTER, GL_LINEAR);
        glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_MAG_FILTER, GL_LINEAR);
        glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_WRAP_S, GL_CLAMP_TO_EDGE);
        glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_WRAP_T, GL_CLAMP_TO_EDGE);
        glPixelStorei(GL_UNPACK_ROW_LENGTH, 0);
        if (fresh || entry.width != picture.width || entry.height != picture.height)
            glTexImage2D(GL_TEXTURE_2D, 0, GL_RGBA8, picture.width, picture.height, 0, GL_RGBA, GL_UNSIGNED_BYTE,
                         picture.rgba.data());
        else
            glTexSubImage2D(GL_TEXTURE_2D, 0, 0, 0, picture.width, picture.height, GL_RGBA, GL_UNSIGNED_BYTE,
                            picture.rgba.data());
        entry.version = version;
        entry.width = picture.width;
        entry.height = picture.height;
    }
    return reinterpret_cast<ImTextureID>(static_cast<std::uintptr_t>(entry.name));
}

void GlTextures::end_frame() {
    std::erase_if(entries_, [&](const auto& item) {
        if (item.second.used + frames_kept >= frame_) return false;
        glDeleteTextures(1, &item.second.name);
        return true;
    });
    ++frame_;
}

}  // namespace annotator
