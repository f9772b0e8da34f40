#include <memory>

#include "annotator/cli/verbs.h"
#include "annotator/workflows/synth/synth_writer.h"
#include "storage/skeleton/layout_registry.h"

namespace annotator {

namespace {

struct Options {
    std::string folder;
    synth::SynthOptions synth;
    std::string depth = "one";
};

ExitCode write(const Options& options, Console& console) {
    const JobContext job = console.job();
    synth::SynthOptions wanted = options.synth;
    wanted.depth = options.depth == "all"    ? synth::DepthOutput::all
                   : options.depth == "none" ? synth::DepthOutput::none
                                             : synth::DepthOutput::one_clip_of_each_category;
    const auto summary = synth::write_synthetic_dataset(
        options.folder, wanted, storage::layout_named("msr20"),
        [&](const synth::SynthProgress& progress) {
            job.report({"Dancing", static_cast<double>(progress.takes_done), static_cast<double>(progress.takes)});
        },
        job.stop);
    if (!summary) {
        console.note("Stopped; " + options.folder + " is incomplete.");
        return ExitCode::failed;
    }
    console.result({{"folder", options.folder},
                    {"clips", summary->clips},
                    {"streams", summary->streams},
                    {"depth_takes", summary->depth_takes},
                    {"takes_with_dropouts", summary->takes_with_dropouts},
                    {"frames", summary->frames}},
                   std::to_string(summary->clips) + " clips and " + std::to_string(summary->streams) + " streams, " +
                       std::to_string(summary->frames) + " frames, in " + options.folder +
                       ". Next: kinetograph import PROJECT " + options.folder + "/clips --name-pattern synth");
    return ExitCode::done;
}

}  // namespace

void add_synth(CommandLine& line) {
    const auto options = std::make_shared<Options>();
    CLI::App* verb = line.add("synth", "Make a small synthetic dance set with its full truth",
                              [options](Console& console) { return write(*options, console); });
    verb->add_option("folder", options->folder, "where to write it")->required();
    verb->add_option("--clips", options->synth.clips, "trimmed takes of one category")->capture_default_str();
    verb->add_option("--performers", options->synth.performers, "how many dancers")->capture_default_str();
    verb->add_option("--categories", options->synth.categories, "how many categories")->capture_default_str();
    verb->add_option("--streams", options->synth.streams, "long takes of several categories")->capture_default_str();
    verb->add_option("--depth", options->depth, "depth pictures: of no clip, one of each category, or all")
        ->check(CLI::IsMember({"none", "one", "all"}))
        ->capture_default_str();
    verb->add_option("--dropouts", options->synth.dropout_share,
                     "share of takes in which the skeleton is lost for some frames")
        ->check(CLI::Range(0.0, 1.0))
        ->capture_default_str();
    verb->add_option("--seed", options->synth.seed, "the same seed draws the same dance")->capture_default_str();
}

}  // namespace annotator
