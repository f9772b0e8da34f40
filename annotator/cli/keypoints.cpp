#include <memory>

#include "annotator/cli/verbs.h"
#include "annotator/workflows/key_points.h"

namespace annotator {

namespace {

using nlohmann::json;

struct Options {
    std::string project, model;
    std::vector<std::string> takes;
    std::optional<double> smooth, metres_per_value;
};

ExitCode find(const Options& options, Console& console) {
    FindKeyPointsOptions wanted;
    wanted.model = options.model;
    wanted.takes.insert(options.takes.begin(), options.takes.end());
    wanted.smoothing_trust = options.smooth;
    wanted.metres_per_value = options.metres_per_value;
    ProjectSession session(options.project, {});
    const auto found = find_key_points(session, wanted, console.job());
    if (!found) {
        console.note("Stopped; nothing was added.");
        return ExitCode::failed;
    }
    json list = json::array();
    for (const FoundKeyPoints::Recording& recording : found->recordings)
        list.push_back({{"take", recording.take},
                        {"path", recording.path},
                        {"frames", recording.frames},
                        {"without_person", recording.without_person}});
    std::string text =
        "key-points of " + std::to_string(found->recordings.size()) + " takes, found by " + found->model.name;
    for (const std::string& note : found->notes) text += "\n  " + note;
    console.result({{"model", found->model.name}, {"takes", list}, {"notes", found->notes}}, text);
    return found->notes.empty() ? ExitCode::done : ExitCode::in_part;
}

}  // namespace

void add_keypoints(CommandLine& line) {
    const auto options = std::make_shared<Options>();
    CLI::App* verb =
        line.add("keypoints", "Find key-points in the depth of takes that have no skeleton; others are never touched",
                 [options](Console& console) { return find(*options, console); });
    verb->add_option("project", options->project, "the project's folder")->required();
    verb->add_option("--model", options->model,
                     std::string("a model's id or name; the newest of ") + key_point_family + " unless given");
    verb->add_option("--takes", options->takes, "only these takes")->delimiter(',');
    verb->add_option("--smooth", options->smooth,
                     "smooth them over space and time; how much a point counts against its neighbours, 0 to 1")
        ->check(CLI::Range(0.0, 1.0));
    verb->add_option("--metres-per-value", options->metres_per_value, "of depth recordings that do not say it")
        ->check(CLI::PositiveNumber);
}

}  // namespace annotator
