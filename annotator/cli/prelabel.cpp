#include "annotator/workflows/prelabel.h"

#include <memory>

#include "annotator/cli/pool_arguments.h"
#include "annotator/cli/row_text.h"
#include "annotator/cli/verbs.h"

namespace annotator {

namespace {

struct Options {
    std::string project;
    std::vector<std::string> models, clips;
    bool everywhere = false;
    PoolArguments pool;
};

ExitCode propose(const Options& options, Console& console) {
    const JobContext job = console.job();
    ProjectSession session(options.project, {});
    PrelabelOptions wanted;
    if (!options.models.empty()) {
        wanted.model = options.models.front();
        wanted.beside.assign(options.models.begin() + 1, options.models.end());
    }
    wanted.clips.insert(options.clips.begin(), options.clips.end());
    wanted.pool = options.pool.pool();
    if (options.everywhere) wanted.pool.labels = PoolOptions::Labels::none;
    const auto result = prelabel(session, wanted, job);
    if (!result) {
        console.note("Stopped; the earlier proposals stand.");
        return ExitCode::failed;
    }
    nlohmann::json list = nlohmann::json::array();
    for (const schemas::Proposal& proposal : result->proposals)
        list.push_back({{"clip", session.document().at<schemas::Clip>(proposal.clip).name},
                        {"span", {proposal.begin_frame, proposal.end_frame}},
                        {"boundary_score", proposal.boundary_score},
                        {"top", top_json(session.document(), proposal.top)}});
    std::string text = std::to_string(result->proposals.size()) + " proposals by " + result->model.name;
    for (const std::string& note : result->notes) text += "\n  " + note;
    console.result(
        {{"model", result->model.name}, {"clips", result->clips}, {"proposals", list}, {"notes", result->notes}}, text);
    return ExitCode::done;
}

}  // namespace

void add_prelabel(CommandLine& line) {
    const auto options = std::make_shared<Options>();
    CLI::App* verb = line.add("prelabel", "Propose labels for what is unlabelled; labels are never touched",
                              [options](Console& console) { return propose(*options, console); });
    verb->add_option("project", options->project, "the project's folder")->required();
    verb->add_option("--model", options->models,
                     "a model's id or name, or several, asked together; the promoted one unless given")
        ->delimiter(',');
    verb->add_option("--clips", options->clips, "only these clips")->delimiter(',');
    verb->add_flag("--everywhere", options->everywhere,
                   "propose where labels are too, to judge proposals with 'evaluate'");
    options->pool.add_to(*verb);
}

}  // namespace annotator
