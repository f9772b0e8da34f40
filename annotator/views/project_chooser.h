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
    // Fills the room that is left.
    void draw(const ShellContext& context);

private:
    void draw_recent(const ShellContext& context, float width);

    FileBrowser browser_{FileBrowser::Chooses::folders};
    std::string name_;
};

// The projects that were open last, as rows that open them; true when there are some.
bool draw_recent_projects(const ShellContext& context, float width);

}  // namespace annotator
