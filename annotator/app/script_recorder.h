#pragma once

#include <imgui.h>
#include <nlohmann/json.hpp>

#include <filesystem>
#include <fstream>
#include <optional>
#include <string>
#include <vector>

#include "annotator/app/window.h"
#include "annotator/session/workbench.h"

namespace annotator {

// Writes what a person does as a script that does the same again. The file is a whole script after every step, so
// that it tells of a crash, too. Where the clip played, the frame that was reached is written down: a script does not
// depend on how fast the machine is.
//
// Thread: the UI's.
class ScriptRecorder {
public:
    // Throws std::runtime_error where the file cannot be written.
    ScriptRecorder(const std::filesystem::path& file, const Settings& settings, int width, int height);

    // What came in since the last picture, before it is acted upon. `bench` is null while no project is open.
    void record_keys(const std::vector<KeyStroke>& strokes, const Workbench* bench, double now_seconds);
    void record_mouse(const ImGuiIO& io, const Workbench* bench, double now_seconds);

private:
    struct Press {
        int button = 0;
        nlohmann::json path;  // x0, y0, x1, y1 …
        std::string held;
    };

    void look_at(const Workbench* bench);
    // Whether a press here and now goes on with the step written last, a click.
    bool clicks_again(const nlohmann::json& at, double now) const;
    void end_press(const Workbench* bench, double now);
    // What must have come to pass before the next step.
    void catch_up(const Workbench* bench, double now);
    void write(const nlohmann::json& step);

    std::ofstream stream_;
    std::optional<Press> press_;
    nlohmann::json last_click_;
    double last_click_at_ = 0, last_step_at_ = 0, began_at_ = 0;
    std::streampos last_step_begins_{};
    bool media_awaited_ = true, jobs_awaited_ = false, played_ = false;
    bool empty_ = true;
};

}  // namespace annotator
