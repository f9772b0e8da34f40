#pragma once

#include <nlohmann/json.hpp>

#include <cstddef>
#include <filesystem>
#include <optional>
#include <stdexcept>
#include <string>
#include <variant>
#include <vector>

#include "annotator/session/intents.h"
#include "annotator/session/keymap.h"

// What a person does in the editor, as a file: a JSON array of steps (docs/editor.md). Written by hand for tests and
// pictures, or by the ScriptRecorder.
namespace annotator {

// A script that is none. The message names the file and the step, counted from 1.
class ScriptError : public std::invalid_argument {
public:
    using std::invalid_argument::invalid_argument;
};

struct Point {
    float x = 0, y = 0;  // pixels from the upper left corner of the window
};

// What is held down while the mouse is used.
struct Held {
    bool control = false, shift = false, alt = false;
};

enum class Awaited { media, jobs, idle };

struct PressKeys {
    std::vector<Chord> chords;
};
struct TypeText {
    std::string text;
};
struct PerformAction {
    Action action{};
};
struct ShowClip {
    std::string name;
};
struct GoToFrame {
    schemas::FrameIndex frame = 0;
};
struct ChooseLabel {
    std::string name;
};
struct MovePointer {
    Point to;
    Held held;
};
// Button 0 is the left, 1 the right, 2 the middle one.
struct Click {
    Point at;
    int button = 0;
    int times = 1;
    Held held;
};
struct Drag {
    std::vector<Point> path;
    int button = 0;
    Held held;
    std::filesystem::path picture;  // to be taken before the button is let go; empty: none
};
struct Scroll {
    Point at;
    float notches = 0, sideways = 0;
    Held held;
};
struct Wait {
    double seconds = 0;
};
struct WaitFor {
    Awaited what = Awaited::idle;
    double at_most_seconds = 30;
};
struct TakePicture {
    std::filesystem::path file;
};
// What must be so now, by name (see script_facts.h); else the run fails.
struct Expect {
    nlohmann::json facts;
};
struct Resize {
    int width = 0, height = 0;
};
// These settings instead of those that were; what is missing is as usual.
struct UseSettings {
    Settings settings;
};
struct Quit {};

using StepKind =
    std::variant<PressKeys, TypeText, PerformAction, ShowClip, GoToFrame, ChooseLabel, ShowWorkspace, MovePointer,
                 Click, Drag, Scroll, Wait, WaitFor, TakePicture, Expect, Resize, UseSettings, Quit>;

struct ScriptStep {
    std::size_t number = 0;  // from 1
    StepKind does;
};

// `name` is for messages. Throws ScriptError.
std::vector<ScriptStep> script_from(const nlohmann::json& document, const std::string& name);
std::vector<ScriptStep> read_script(const std::filesystem::path& file);

// "annotate", "review" …
std::string_view name_of(Workspace workspace);

}  // namespace annotator
