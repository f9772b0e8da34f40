#include <memory>

#include "annotator/cli/verbs.h"

namespace annotator {

// The window is not part of this version: people who ask for it learn what there is instead.
void add_edit(CommandLine& line) {
    const auto project = std::make_shared<std::string>();
    CLI::App* verb = line.add("edit", "The editor (not part of this version)", [project](Console& console) {
        console.note("This version has no window yet. Edit " + *project +
                     " with 'kinetograph apply' (docs/user-guide.md); labels made so open in the editor later.");
        return ExitCode::failed;
    });
    verb->add_option("project", *project, "the project's folder")->required();
}

}  // namespace annotator
