#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <utility>

#include "annotator/session/project_session.h"

namespace annotator {

struct EditorOptions {
    std::optional<std::filesystem::path> project;  // none: the welcome screen
    SessionOptions session;
    std::filesystem::path script;             // steps to perform unattended, then to quit; empty: none
    std::filesystem::path record;             // where to write what is done as such a script; empty: nowhere
    std::filesystem::path screenshot;         // of the last picture before quitting; empty: none
    std::optional<std::pair<int, int>> size;  // none: as it was last
    float scale = 0;                          // 0: the setting's, times the monitor's
    std::filesystem::path landmarks;          // where to write where things are (widgets/landmarks.h); empty: nowhere
    bool timing = false;                      // prints on standard error how long the first frame took
};

// The editor, until it is closed. Throws std::runtime_error where no window can be opened.
//
// Thread: the main thread.
void run_editor(const EditorOptions& options);

}  // namespace annotator
