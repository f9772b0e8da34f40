#pragma once

#include <string>

#include "annotator/views/file_browser.h"
#include "annotator/views/view_context.h"

namespace annotator {

// Opens a project, or makes one in the folder that is shown.
//
// Thread: the UI's.
class ProjectChooser {
public:
    // The next draw reads the folder anew, and its filter has the keyboard.
    void begin() { browser_.show(browser_.folder()); }
    // Fills the room that is left.
    void draw(const ShellContext& context);
    [[nodiscard]] std::string take_names() { return browser_.take_names(); }

private:
    static void draw_recent(const ShellContext& context, float width);
    void draw_new(const ShellContext& context);

    FileBrowser browser_{FileBrowser::Chooses::folders};
    std::string name_;
};

inline constexpr float recent_project_points = 44;  // how high a row of these is
// The projects that were open last, as rows that open them; true when there are some.
bool draw_recent_projects(const ShellContext& context, float width);

}  // namespace annotator
