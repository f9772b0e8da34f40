#pragma once

#include <sys/types.h>

#include <filesystem>
#include <string>

namespace tests {

// A screen of its own (Xvfb, drawn by Mesa's software) for windows, and a keyboard and a mouse before it (xdotool).
// DISPLAY is that of the newest one.
class Screen {
public:
    Screen(int width, int height);
    ~Screen();
    Screen(const Screen&) = delete;
    Screen& operator=(const Screen&) = delete;

    // False where Xvfb or xdotool are not installed.
    [[nodiscard]] static bool available();
    // "ctrl+z", "Tab", "bracketleft": as xdotool names keys. Throws std::runtime_error.
    void press(const std::string& keys) const;
    void type(const std::string& text) const;
    // Pixels of the screen.
    struct Spot {
        int x = 0, y = 0;
    };
    enum class Button { left = 1, right = 3 };
    void click(Spot at, Button button = Button::left) const;
    void drag(Spot from, Spot to) const;

private:
    pid_t server_ = -1;
};

}  // namespace tests
