#pragma once

#include <cstddef>
#include <functional>

#include "annotator/widgets/textures.h"
#include "annotator/widgets/theme.h"

namespace annotator {

// ImGui without a window: what is drawn is laid out and built as for a screen, and goes nowhere. For tests and
// benchmarks. One at a time.
class HeadlessScreen {
public:
    HeadlessScreen(float width, float height, float scale);
    ~HeadlessScreen();
    HeadlessScreen(const HeadlessScreen&) = delete;
    HeadlessScreen& operator=(const HeadlessScreen&) = delete;

    // Draws one frame of a sixtieth of a second in a window that fills the screen. What was put into ImGui's io before
    // is its input; wheels are still again afterwards.
    void frame(const std::function<void()>& draw);
    [[nodiscard]] const Theme& theme() const { return theme_; }
    [[nodiscard]] Textures& textures() { return textures_; }
    // Of the last frame.
    [[nodiscard]] std::size_t vertices() const { return vertices_; }

private:
    class NoTextures : public Textures {
    public:
        ImTextureID texture(std::uint64_t, std::uint64_t, const schemas::Picture&) override { return nullptr; }
    };
    ImGuiContext* context_;
    Theme theme_;
    NoTextures textures_;
    std::size_t vertices_ = 0;
};

}  // namespace annotator
