#include <memory>

#include "annotator/cli/verbs.h"
#include "annotator/workflows/create_project.h"

namespace annotator {

namespace {

struct Options {
    std::string project;
    std::string taxonomy;
    double budget = 0.2;
    std::optional<std::uint64_t> seed;
};

ExitCode make(const Options& options, Console& console) {
    NewProject wanted;
    wanted.budget = options.budget;
    wanted.seed = options.seed;
    if (!options.taxonomy.empty()) wanted.taxonomy = storage::read_taxonomy(options.taxonomy);
    const ProjectSession session = create_project(options.project, wanted, {});
    console.result({{"project", options.project},
                    {"taxonomy", wanted.taxonomy.name},
                    {"tracks", wanted.taxonomy.tracks.size()},
                    {"budget", options.budget}},
                   "Made " + options.project + ". Next: kinetograph import " + options.project + " RECORDINGS…");
    return ExitCode::done;
}

}  // namespace

void add_new(CommandLine& line) {
    const auto options = std::make_shared<Options>();
    CLI::App* verb = line.add("new", "Make a project", [options](Console& console) { return make(*options, console); });
    verb->add_option("project", options->project, "the folder to make")->required();
    verb->add_option("--taxonomy", options->taxonomy, "tracks and labels to begin with, as JSON (docs/formats.md)");
    verb->add_option("--seed", options->seed,
                     "draw ids and times from it: the same commands then make the same project");
    verb->add_option("--budget", options->budget, "the share of the labelling work that is meant to be done by hand")
        ->check(CLI::Range(0.0, 1.0))
        ->capture_default_str();
}

}  // namespace annotator
