#include "tests/scenarios/screen.h"

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <stdexcept>

#include "tests/scenarios/program.h"

namespace tests {

namespace {

void run(const std::string& command) {
    if (std::system((command + " >/dev/null 2>&1").c_str()) != 0)
        throw std::runtime_error("this command fails: " + command);
}

// What the server says on that pipe: the number of its display.
std::string line_from(int descriptor) {
    std::string line;
    char letter = 0;
    while (read(descriptor, &letter, 1) == 1 && letter != '\n') line += letter;
    return line;
}

std::string sleep_for(double seconds) { return " sleep " + std::to_string(patience * seconds) + " "; }

// Between two keys, in milliseconds, and before the first. A program that a sanitizer watches draws a few pictures a
// second; a person looks at what a key has done.
const std::string apart = patience > 1 ? " --delay 400 " : " --delay 30 ";
const std::string at_ease = patience > 1 ? " sleep 1" : "";

// A window follows the mouse a picture later.
std::string move_to(Screen::Spot at) {
    return "mousemove " + std::to_string(at.x) + " " + std::to_string(at.y) + sleep_for(0.2);
}

}  // namespace

bool Screen::available() { return std::system("command -v Xvfb >/dev/null && command -v xdotool >/dev/null") == 0; }

Screen::Screen(int width, int height) {
    int display[2];
    if (pipe(display) != 0) throw std::runtime_error("there is no pipe left");
    const std::string size = std::to_string(width) + "x" + std::to_string(height) + "x24";
    const std::string number_to = std::to_string(display[1]);
    server_ = fork();
    if (server_ < 0) throw std::runtime_error("Xvfb cannot be started");
    if (server_ == 0) {
        const int nowhere = open("/dev/null", O_WRONLY);
        dup2(nowhere, STDERR_FILENO);
        execlp("Xvfb", "Xvfb", "-displayfd", number_to.c_str(), "-screen", "0", size.c_str(), "-nolisten", "tcp",
               nullptr);
        _exit(127);
    }
    close(display[1]);
    const std::string number = line_from(display[0]);
    close(display[0]);
    if (number.empty()) throw std::runtime_error("Xvfb does not start");
    setenv("DISPLAY", (":" + number).c_str(), 1);
    setenv("LIBGL_ALWAYS_SOFTWARE", "1", 1);
}

Screen::~Screen() {
    kill(server_, SIGTERM);
    waitpid(server_, nullptr, 0);
}

void Screen::press(const std::string& keys) const { run("xdotool" + at_ease + " key" + apart + keys); }
void Screen::type(const std::string& text) const { run("xdotool" + at_ease + " type" + apart + "'" + text + "'"); }
void Screen::click(Spot at, Button button) const {
    run("xdotool " + move_to(at) + " click " + std::to_string(static_cast<int>(button)));
}
void Screen::drag(Spot from, Spot to) const {
    const Spot middle{(from.x + to.x) / 2, (from.y + to.y) / 2};
    run("xdotool " + move_to(from) + " mousedown 1" + sleep_for(0.1) + move_to(middle) + move_to(to) + " mouseup 1");
}

}  // namespace tests
