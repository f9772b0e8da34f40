#include "annotator/workflows/demo.h"

#include <cstdlib>
#include <memory>

#include "annotator/cli/text_table.h"
#include "annotator/cli/verbs.h"

namespace annotator {

namespace {

using nlohmann::json;

struct Options {
    std::string folder = "kinetograph-demo", recordings;
    bool synthetic = false;
    std::uint64_t seed = 1;
    int steps = 1800, round_steps = 400;
};

// KINETOGRAPH_DATA, or ../shared/data beside the working folder.
std::filesystem::path recordings_here() {
    const char* named = std::getenv("KINETOGRAPH_DATA");
    const std::filesystem::path data = named != nullptr ? named : "../shared/data";
    return exists(data / "msr_action3d") ? data / "msr_action3d" : std::filesystem::path();
}

json json_of(const DemoResult& result) {
    json parts = json::array();
    for (const DemoPart& part : result.parts) {
        json rounds = json::array();
        for (const DemoRound& round : part.rounds)
            rounds.push_back({{"labelled", round.labelled},
                              {"rest_accuracy", *round.rest},
                              {"unseen_accuracy", *round.unseen},
                              {"actions_against_scratch", round.actions},
                              {"time_against_scratch", round.time}});
        json findings = json::array();
        for (const auto& finding : part.findings)
            findings.push_back({{"severity", std::string(schemas::to_text(finding.severity))},
                                {"what", finding.what},
                                {"where", finding.where}});
        json entry{{"title", part.title},
                   {"unseen_performer", part.unseen_performer},
                   {"rounds", rounds},
                   {"boundary_f1", nullptr},
                   {"project", part.project.string()},
                   {"dataset", part.dataset.string()},
                   {"findings", findings},
                   {"seconds", part.seconds}};
        if (part.boundary_f1) entry["boundary_f1"] = *part.boundary_f1;
        parts.push_back(std::move(entry));
    }
    return {{"recordings", result.recordings}, {"ok", result.ok()}, {"parts", parts}, {"seconds", result.seconds}};
}

std::string text_of(const DemoResult& result) {
    TextTable table(
        {"", "labelled", "right on the rest", "right on the unseen performer", "actions / scratch", "time / scratch"});
    for (const DemoPart& part : result.parts)
        for (const DemoRound& round : part.rounds)
            table.add({part.title, percent_figure(round.labelled), percent_figure(*round.rest),
                       percent_figure(*round.unseen), percent_figure(round.actions), percent_figure(round.time)});
    std::string text = "\n" + table.text() +
                       "In %. Clips are counted in clips, streams in frames. Actions and time finish the whole set, "
                       "the first 20 % included.\n";
    for (const DemoPart& part : result.parts) {
        if (part.boundary_f1)
            text += "Boundaries found within 5 frames on the rest of the streams: F1 " +
                    percent_figure(*part.boundary_f1) + "\n";
        for (const auto& finding : part.findings) text += finding.where + ": " + finding.what + "\n";
    }
    return text + "Took " + std::to_string(static_cast<int>(result.seconds)) + " s. " +
           (result.ok() ? "Projects and exports verified." : "Not everything holds.") + "\n";
}

ExitCode run(const Options& options, Console& console) {
    const JobContext job = console.job();
    DemoOptions wanted;
    wanted.folder = options.folder;
    if (!options.recordings.empty() && !std::filesystem::exists(options.recordings))
        throw std::runtime_error(options.recordings + ": does not exist");
    if (!options.synthetic)
        wanted.recordings = options.recordings.empty() ? recordings_here() : std::filesystem::path(options.recordings);
    wanted.seed = options.seed;
    wanted.steps = options.steps;
    wanted.round_steps = options.round_steps;
    wanted.say = [&](const std::string& text) { console.note(text); };
    const auto result = run_demo(wanted, job);
    if (!result) {
        console.note("Stopped.");
        return ExitCode::failed;
    }
    console.result(json_of(*result), text_of(*result));
    return result->ok() ? ExitCode::done : ExitCode::failed;
}

}  // namespace

void add_demo(CommandLine& line) {
    const auto options = std::make_shared<Options>();
    CLI::App* verb =
        line.add("demo", "The whole loop, narrated, on real recordings if there are some, else on a synthetic set",
                 [options](Console& console) { return run(*options, console); });
    verb->add_option("folder", options->folder, "where to work; made anew each time")->capture_default_str();
    verb->add_option("--recordings", options->recordings,
                     "a folder of MSR-Action3D; ../shared/data/msr_action3d unless given");
    verb->add_flag("--synthetic", options->synthetic, "dance a synthetic set even where there are recordings");
    verb->add_option("--seed", options->seed, "the same seed gives the same demo")->capture_default_str();
    verb->add_option("--steps", options->steps, "of the last training")
        ->check(CLI::PositiveNumber)
        ->capture_default_str();
    verb->add_option("--round-steps", options->round_steps, "of the trainings before")
        ->check(CLI::PositiveNumber)
        ->capture_default_str();
}

}  // namespace annotator
