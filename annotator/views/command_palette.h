#pragma once

#include "annotator/views/command_list.h"
#include "annotator/views/view_context.h"

namespace annotator {

// Type to find any action, setting, clip or label; Enter does it.
//
// Thread: the UI's.
class CommandPalette {
public:
    // `model` is null while no project is open.
    void draw(const ShellContext& context, const EditorModel* model);
    // The next draw begins anew.
    void reset() { fresh_ = true; }

private:
    void collect(const ShellContext& context, const EditorModel* model);
    void draw_row(const ShellContext& context, std::size_t index);
    void perform(const ShellContext& context, std::size_t index);

    std::string query_;
    std::vector<Command> commands_;
    std::vector<FoundCommand> found_;
    int cursor_ = 0;
    bool fresh_ = true, scroll_ = false;
};

}  // namespace annotator
