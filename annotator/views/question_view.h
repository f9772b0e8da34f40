#pragma once

#include <optional>
#include <string>

#include "annotator/views/cheat_sheet.h"
#include "annotator/views/command_palette.h"
#include "annotator/views/file_browser.h"
#include "annotator/views/project_chooser.h"
#include "annotator/views/settings_view.h"
#include "annotator/views/view_context.h"

namespace annotator {

// What the window asks for beside the workspaces: command palette, keyboard sheet, frame, comment, recordings,
// projects, settings. Above everything else, and never modal. LabelPicker asks for labels.
//
// Thread: the UI's.
class QuestionView {
public:
    void draw(const ViewContext& context);
    // While no project is open.
    void draw(const ShellContext& context, Asking asking) { draw_shell(context, asking, nullptr); }

    [[nodiscard]] bool wants_key() const { return settings_.wants_key(); }
    void take_key(const Chord& chord, const ShellContext& context) { settings_.take_key(chord, context); }
    // Of files and folders that were read since the last call; their characters may want a font.
    [[nodiscard]] std::string take_names() { return recordings_.take_names() + projects_.take_names(); }

private:
    void draw_shell(const ShellContext& context, Asking asking, const EditorModel* model);
    void draw_go_to(const ViewContext& context);
    void draw_comment(const ViewContext& context);
    void draw_import(const ViewContext& context);
    // A field that has the keyboard; true when Enter was pressed in it.
    bool line_of_text(const char* hint);

    CommandPalette commands_;
    CheatSheet cheat_sheet_;
    SettingsView settings_;
    ProjectChooser projects_;
    FileBrowser recordings_{FileBrowser::Chooses::files_and_folders};
    Asking drawn_ = Asking::nothing;
    std::string text_;
    std::optional<std::string> misread_;   // what was entered and is no frame
    schemas::FrameSpan commented_;         // when it was asked for a comment
    bool fresh_ = false;                   // what is asked for was not asked for before
    bool entered_ = false;                 // what was typed, and it is still asked for
};

// The frame that a person means: "120" is a frame, "1:02.5" or "3.2s" a time, of which the table says the frame.
// Nullopt for what is neither, and for a time where there is no table. Frames outside of the span are brought into it.
std::optional<schemas::FrameIndex> frame_from_text(std::string_view text, const schemas::FrameTable& times,
                                                   schemas::FrameSpan span);

}  // namespace annotator
