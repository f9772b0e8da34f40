#include <charconv>
#include <memory>
#include <stdexcept>
#include <tuple>

#include "annotator/cli/verbs.h"
#include "annotator/workflows/synth/synth_writer.h"
#include "storage/skeleton/layout_registry.h"

namespace annotator {

namespace {

struct Options {
    std::string folder;
    synth::SynthOptions synth;
    std::string depth = "one", video = "one";
    std::string size, rate;
};

synth::Recorded recorded(const std::string& which) {
    if (which == "all") return synth::Recorded::all;
    return which == "none" ? synth::Recorded::none : synth::Recorded::one_clip_of_each_category;
}

// "30" or "30000/1001", "640x480": two whole numbers. Throws std::invalid_argument.
std::pair<int, int> numbers_of(const std::string& text, char between, const std::string& expected) {
    const std::size_t middle = text.find(between);
    const std::string parts[] = {text.substr(0, middle), middle == std::string::npos ? "1" : text.substr(middle + 1)};
    int numbers[2] = {};
    for (int i = 0; i < 2; ++i) {
        const auto [end, error] = std::from_chars(parts[i].data(), parts[i].data() + parts[i].size(), numbers[i]);
        if (error != std::errc() || end != parts[i].data() + parts[i].size() || numbers[i] <= 0)
            throw std::invalid_argument("'" + text + "' is not " + expected);
    }
    return {numbers[0], numbers[1]};
}

ExitCode write(const Options& options, Console& console) {
    const JobContext job = console.job();
    synth::SynthOptions wanted = options.synth;
    wanted.depth = recorded(options.depth);
    wanted.video = recorded(options.video);
    if (!options.size.empty())
        std::tie(wanted.video_width, wanted.video_height) = numbers_of(options.size, 'x', "a size such as 640x480");
    if (!options.rate.empty())
        std::tie(wanted.video_rate.numerator, wanted.video_rate.denominator) =
            numbers_of(options.rate, '/', "a frame rate such as 30 or 30000/1001");
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
                    {"video_takes", summary->video_takes},
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
    verb->add_option("--video", options->video, "videos with sound: of no clip, one of each category, or all")
        ->check(CLI::IsMember({"none", "one", "all"}))
        ->capture_default_str();
    verb->add_option("--size", options->size, "of the videos, 640x480 unless given");
    verb->add_option("--fps", options->rate, "frames a second of the videos, 15 unless given; 30000/1001 is one, too");
    verb->add_option("--dropouts", options->synth.dropout_share,
                     "share of takes in which the skeleton is lost for some frames")
        ->check(CLI::Range(0.0, 1.0))
        ->capture_default_str();
    verb->add_option("--seed", options->synth.seed, "the same seed draws the same dance")->capture_default_str();
}

}  // namespace annotator
