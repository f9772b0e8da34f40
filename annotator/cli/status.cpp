#include "annotator/workflows/status.h"

#include <memory>
#include <sstream>

#include "annotator/cli/verbs.h"
#include "storage/formats/row_json.h"

namespace annotator {

namespace {

using nlohmann::json;

json json_of(const storage::StoredProblem& stored) {
    json entry{{"path", stored.path}, {"what", stored.problem.what}};
    if (stored.problem.frames) entry["frames"] = {stored.problem.frames->begin, stored.problem.frames->end};
    return entry;
}

json json_of(const ProjectStatus& status) {
    json tracks = json::array();
    for (const TrackStatus& track : status.tracks)
        tracks.push_back({{"name", track.name},
                          {"unit", std::string(schemas::to_text(track.unit))},
                          {"labelled", track.labelled},
                          {"states", track.states}});
    json models = json::array(), layers = json::array(), problems = json::array();
    for (const auto& model : status.models) models.push_back(storage::json_from(model));
    for (const auto& layer : status.layers) layers.push_back(storage::json_from(layer));
    for (const auto& problem : status.problems) problems.push_back(json_of(problem));
    return {{"takes", status.takes},
            {"clips", status.clips},
            {"frames", status.frames},
            {"performers", status.performers},
            {"streams", status.streams},
            {"budget",
             {{"target", status.budget.target}, {"labelled", status.budget.labelled}, {"by", status.labelled_by}}},
            {"states", status.tracks.empty() ? json::object() : json(status.tracks.front().states)},
            {"tracks", tracks},
            {"layers", layers},
            {"models", models},
            {"edits", {{"logged", status.edits}, {"undoable", status.undoable}, {"redoable", status.redoable}}},
            {"problems", problems}};
}

std::string percent(double share) {
    std::ostringstream text;
    text.precision(1);
    text << std::fixed << 100 * share << " %";
    return text.str();
}

std::string text_of(const ProjectStatus& status) {
    std::ostringstream text;
    text << status.takes << " takes, " << status.clips << " clips, " << status.frames << " frames, "
         << status.performers << " performers\n";
    text << "Labelled by hand: " << percent(status.budget.labelled) << " of a budget of "
         << percent(status.budget.target) << "\n";
    for (const TrackStatus& track : status.tracks) {
        text << "  " << track.name << ":";
        for (const auto& [state, frames] : track.states)
            if (frames > 0) text << " " << frames << " " << state;
        text << "\n";
    }
    for (const auto& model : status.models)
        text << "Model " << model.name << " (" << model.family << "), " << model.parameters << " parameters\n";
    text << status.edits << " edits in the log, " << status.undoable << " can be undone, " << status.redoable
         << " redone\n";
    if (!status.problems.empty()) text << status.problems.size() << " problems:\n";
    for (const auto& [path, problem] : status.problems) {
        text << "  " << path << ": " << problem.what;
        if (problem.frames) text << " (frames " << problem.frames->begin << " to " << problem.frames->end - 1 << ")";
        text << "\n";
    }
    return text.str();
}

}  // namespace

void add_status(CommandLine& line) {
    const auto project = std::make_shared<std::string>();
    CLI::App* verb = line.add("status", "What a project holds, how far labelling has come and what is wrong",
                              [project](Console& console) {
                                  SessionOptions options;
                                  options.access = storage::Access::read_only;
                                  ProjectSession session(*project, std::move(options));
                                  const ProjectStatus status = project_status(session);
                                  console.result(json_of(status), text_of(status));
                                  return ExitCode::done;
                              });
    verb->add_option("project", *project, "the project's folder")->required();
}

}  // namespace annotator
