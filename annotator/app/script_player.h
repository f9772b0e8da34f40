#pragma once

#include <deque>
#include <filesystem>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include "annotator/app/script.h"
#include "annotator/app/window.h"
#include "annotator/session/workbench.h"

namespace annotator {

// A run that did not go as its script says. The message names the step.
class ScriptFailure : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

// What a script does before one picture is drawn, in the person's stead.
struct ScriptFrame {
    std::vector<Chord> keys;
    std::string text;
    std::optional<Pointer> pointer;  // none: as it was
    std::vector<Intent> intents;
    std::optional<Resize> size;
    std::filesystem::path picture;  // to be taken of what is drawn; empty: none
    bool waiting = false;           // nothing to do now
    bool quit = false;
};

// Plays a script, picture by picture.
//
// Thread: the UI's.
class ScriptPlayer {
public:
    // `name` is for messages.
    ScriptPlayer(std::vector<ScriptStep> steps, std::string name) : steps_(std::move(steps)), name_(std::move(name)) {}

    // After the last step it quits. `bench` is null while no project is open. Throws ScriptFailure.
    ScriptFrame next(const Workbench* bench, double now_seconds);

private:
    void add(const PressKeys& step);
    void add(const TypeText& step);
    void add(const PerformAction& step);
    void add(const ShowClip& step);
    void add(const GoToFrame& step);
    void add(const ChooseLabel& step);
    void add(const ShowWorkspace& step);
    void add(const MovePointer& step);
    void add(const Click& step);
    void add(const Drag& step);
    void add(const Scroll& step);
    void add(const Wait& step);
    void add(const WaitFor& step);
    void add(const TakePicture& step);
    void add(const Expect& step);
    void add(const Resize& step);
    void add(const UseSettings& step);
    void add(const Quit& step);
    void add(Intent intent);
    void point(Point at, const Held& held, std::optional<int> button);
    // False while the step that waits goes on waiting.
    bool waited(double now);
    [[noreturn]] void fail(const std::string& why) const;
    [[nodiscard]] const Workbench& open_bench() const;

    std::vector<ScriptStep> steps_;
    std::string name_;
    const Workbench* bench_ = nullptr;
    std::size_t at_ = 0;  // the step that comes next
    std::deque<ScriptFrame> frames_;
    std::optional<Wait> wait_;
    std::optional<WaitFor> wait_for_;
    double waiting_since_ = 0;
};

}  // namespace annotator
