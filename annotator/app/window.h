#pragma once

#include <array>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "annotator/app/key_queue.h"
#include "annotator/widgets/textures.h"
#include "annotator/widgets/theme.h"
#include "schemas/picture.h"

namespace annotator {

struct WindowOptions {
    int width = 1440;
    int height = 900;
    std::string title = "Kinetograph";
};

// Where the mouse is, in pixels from the upper left corner, and what is held down.
struct Pointer {
    float x = 0, y = 0;
    std::array<bool, 3> down{};           // left, right, middle
    float wheel = 0, wheel_sideways = 0;  // turned since the last frame, in notches
    bool control = false, shift = false, alt = false;
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
    // Draws what ImGui was told to; picture() has it until show().
    void end_frame(ImU32 background);
    void show();

    // The next key where no text field has the keyboard, if it may come already.
    [[nodiscard]] std::optional<KeyPress> take_shortcut(const KeyQueue::May& may);
    // What the next frame sees, in order.
    const std::vector<KeyStroke>& take_keys(KeyQueue::Text text);
    // A key has given the keyboard to a text field, or taken it away.
    void hold_keys(std::optional<bool> until_writing);
    // No key waits for its frame.
    [[nodiscard]] bool keys_settled() const;
    [[nodiscard]] std::vector<std::filesystem::path> take_dropped();
    // What a script does in the person's stead: a key that goes down and up, text that comes in, and where the mouse
    // is, seen by the next frame only (none: nowhere; the real one does not count from then on).
    void press(const Chord& chord);
    void type(const std::string& text);
    void point(const std::optional<Pointer>& pointer);

    // True when the window got the keyboard since the last call.
    [[nodiscard]] bool take_focus();
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
    // What was drawn since the last show().
    [[nodiscard]] schemas::Picture picture() const;

private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace annotator
