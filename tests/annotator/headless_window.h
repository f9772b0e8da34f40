#pragma once

#include <imgui.h>

#include <functional>
#include <string>

#include "annotator/views/view_context.h"

namespace tests {

// No graphics card: nothing is uploaded.
class NoTextures : public annotator::Textures {
public:
    ImTextureID texture(std::uint64_t, std::uint64_t, const schemas::Picture&) override { return nullptr; }
};

// ImGui without a window: frames are built, and nobody sees them. One at a time.
class HeadlessWindow {
public:
    explicit HeadlessWindow(float width = 1280, float height = 720);
    ~HeadlessWindow();
    HeadlessWindow(const HeadlessWindow&) = delete;
    HeadlessWindow& operator=(const HeadlessWindow&) = delete;

    // Builds one frame inside of a window that fills the screen.
    void frame(const std::function<void()>& draw);
    // A frame in which that key goes down, and one in which it is up.
    void press(int imgui_key, const std::function<void()>& draw);
    void type(const std::string& text, const std::function<void()>& draw);
    // A click of the left button.
    void click(float x, float y, const std::function<void()>& draw);
    // The same in the middle of a landmark.
    void click(const annotator::Landmark& at, const std::function<void()>& draw);
    // The words of a frame's widgets, up to the first window above that ends; what is painted beside them is not told.
    std::string text(const std::function<void()>& draw);
    // Whether something of the last frame has that colour.
    [[nodiscard]] static bool shows(ImU32 colour);

    annotator::Landmarks landmarks;
    annotator::Theme theme;
    annotator::Outbox outbox;
    NoTextures textures;
};

}  // namespace tests
