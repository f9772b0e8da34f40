#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "annotator/app/keymap.h"
#include "annotator/widgets/textures.h"
#include "annotator/widgets/theme.h"
#include "schemas/picture.h"

namespace annotator {

struct WindowOptions {
    int width = 1440;
    int height = 900;
    std::string title = "Kinetograph";
};

// A key that went down, or repeats.
struct KeyPress {
    Chord chord;
    bool repeats = false;
};

// The window, its OpenGL 3 context and ImGui's lifetime. One at a time.
//
// Thread: the main thread, except wake().
class Window {
public:
    // Throws std::runtime_error with a sentence that helps where there is no screen or no OpenGL 3.
    explicit Window(const WindowOptions& options);
    ~Window();
    Window(const Window&) = delete;
    Window& operator=(const Window&) = delete;

    [[nodiscard]] bool should_close() const;
    void close();
    // Waits for something to happen, at most so long; 0 does not wait.
    void wait(double at_most_seconds);
    // Ends a wait. Thread: any.
    static void wake();

    void begin_frame();
    void end_frame(ImU32 background);

    // Since the last call, in order. While a text field has the keyboard it takes all but Escape.
    [[nodiscard]] std::vector<KeyPress> take_keys();
    [[nodiscard]] std::vector<std::filesystem::path> take_dropped();
    // True when anything came in since the last call: keys, mouse, size.
    [[nodiscard]] bool take_activity();

    [[nodiscard]] float monitor_scale() const;
    [[nodiscard]] int width() const;
    [[nodiscard]] int height() const;
    void set_size(int width, int height);
    void set_title(const std::string& title);
    [[nodiscard]] Textures& textures();
    // After ImGui's font atlas was changed.
    void upload_fonts();
    // What was drawn last.
    [[nodiscard]] schemas::Picture picture() const;

private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace annotator
