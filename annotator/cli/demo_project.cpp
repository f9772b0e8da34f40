#include "annotator/workflows/demo_project.h"

#include <memory>

#include "annotator/cli/verbs.h"

namespace annotator {

void add_demo_project(CommandLine& line) {
    const auto folder = std::make_shared<std::string>();
    CLI::App* verb = line.add(
        "demo-project", "Make a small project to try the editor on: synthetic dancers, a part of them labelled",
        [folder](Console& console) {
            const auto made = make_demo_project(*folder, console.job());
            if (!made) {
                console.note("Stopped; " + *folder + " is incomplete and can be deleted.");
                return ExitCode::failed;
            }
            console.result(
                {{"project", *folder}, {"clips", made->clips}, {"labelled", made->labelled}, {"videos", made->videos}},
                "Made " + *folder + ": " + std::to_string(made->clips) + " clips, " + std::to_string(made->videos) +
                    " with video and sound, " + std::to_string(made->labelled) + " labelled. Next: kinetograph edit " +
                    *folder);
            return ExitCode::done;
        });
    verb->add_option("folder", *folder, "the project's folder, to be made")->required();
}

}  // namespace annotator
