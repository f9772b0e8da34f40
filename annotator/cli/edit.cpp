#include <cstdio>
#include <memory>
#include <utility>

#include "annotator/app/editor_app.h"
#include "annotator/app/script.h"
#include "annotator/cli/verbs.h"

namespace annotator {

namespace {

// "1920x1080".
std::pair<int, int> size_from(const std::string& text) {
    int width = 0, height = 0, read = 0;
    if (std::sscanf(text.c_str(), "%dx%d%n", &width, &height, &read) != 2 ||
        static_cast<std::size_t>(read) != text.size() || width < 320 || height < 240 || width > 16384 || height > 16384)
        throw CLI::ValidationError("--size", "'" + text + "' is no size; expected one such as 1920x1080");
    return {width, height};
}

}  // namespace

void add_edit(CommandLine& line) {
    struct Options {
        std::string project, script, record, screenshot, landmarks, size;
        float scale = 0;
        bool timing = false;
    };
    const auto options = std::make_shared<Options>();
    CLI::App* verb = line.add("edit", "The editor", [options](Console&) {
        EditorOptions editor;
        if (!options->project.empty()) editor.project = options->project;
        editor.script = options->script;
        editor.record = options->record;
        editor.screenshot = options->screenshot;
        editor.landmarks = options->landmarks;
        editor.scale = options->scale;
        editor.timing = options->timing;
        if (!options->size.empty()) editor.size = size_from(options->size);
        try {
            run_editor(editor);
        } catch (const ScriptError& error) {
            throw CLI::ValidationError("--script", error.what());
        }
        return ExitCode::done;
    });
    verb->add_option("project", options->project, "the project's folder; without one the welcome screen");
    verb->add_option("--script", options->script, "performs these steps unattended, then quits (docs/editor.md)");
    verb->add_option("--record", options->record, "writes what is done as such a script");
    verb->add_option("--screenshot", options->screenshot, "writes the last picture to this PNG file");
    verb->add_option("--size", options->size, "of the window, in pixels; else as it was last");
    verb->add_option("--landmarks", options->landmarks,
                     "writes where buttons, labels, clips and tracks are, in pixels, whenever they move");
    verb->add_flag("--timing", options->timing, "prints how long it took until the first picture");
    verb->add_option("--scale", options->scale, "of everything, 0.75 to 3; else the setting's and the monitor's")
        ->check(CLI::Range(0.75, 3.0));
}

}  // namespace annotator
