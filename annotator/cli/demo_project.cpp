#include "annotator/workflows/demo_project.h"

#include <memory>

#include "annotator/cli/verbs.h"

namespace annotator {

namespace {

struct Options {
    std::string folder;
    bool no_model = false;
};

ExitCode make(const Options& options, Console& console) {
    const JobContext job = console.job();
    const auto made = make_demo_project(options.folder, job);
    std::optional<std::size_t> proposals = 0;
    bool lacks_model = false;
    try {
        if (made && !options.no_model) proposals = teach_demo_project(options.folder, job);
    } catch (const std::runtime_error& error) {
        lacks_model = true;
        console.note(std::string("The demo project has no model: ") + error.what());
    }
    if (!made || !proposals) {
        console.note("Stopped; " + options.folder + " is incomplete and can be deleted.");
        return ExitCode::failed;
    }
    console.result({{"project", options.folder},
                    {"clips", made->clips},
                    {"labelled", made->labelled},
                    {"videos", made->videos},
                    {"proposals", *proposals}},
                   "Made " + options.folder + ": " + std::to_string(made->clips) + " clips, " +
                       std::to_string(made->videos) + " with video and sound, " + std::to_string(made->labelled) +
                       " labelled, " + std::to_string(*proposals) + " proposals for the rest. Next: kinetograph edit " +
                       options.folder);
    return lacks_model ? ExitCode::in_part : ExitCode::done;
}

}  // namespace

void add_demo_project(CommandLine& line) {
    const auto options = std::make_shared<Options>();
    CLI::App* verb = line.add("demo-project",
                              "Make a small project to try the editor on: synthetic dancers, a part of them labelled, "
                              "and what a model proposes for the rest",
                              [options](Console& console) { return make(*options, console); });
    verb->add_option("folder", options->folder, "the project's folder, to be made")->required();
    verb->add_flag("--no-model", options->no_model, "train nothing, so that nothing is proposed");
}

}  // namespace annotator
