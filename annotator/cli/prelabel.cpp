#include "annotator/workflows/prelabel.h"

#include <memory>

#include "annotator/cli/pool_arguments.h"
#include "annotator/cli/row_text.h"
#include "annotator/cli/verbs.h"

namespace annotator {

namespace {

struct Options {
    std::string project, model, boundaries;
    double grammar_weight = 0.3;
    std::vector<std::string> clips;
    bool everywhere = false;
    PoolArguments pool;
};

ExitCode propose(const Options& options, Console& console) {
    const JobContext job = console.job();
    ProjectSession session(options.project, {});
    PrelabelOptions wanted;
    wanted.model = options.model;
    wanted.boundaries = options.boundaries;
    wanted.grammar_weight = options.grammar_weight;
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
    console.result({{"model", result->model.name},
                    {"boundaries", result->boundaries},
                    {"clips", result->clips},
                    {"proposals", list},
                    {"notes", result->notes}},
                   text);
    return ExitCode::done;
}

}  // namespace

void add_prelabel(CommandLine& line) {
    const auto options = std::make_shared<Options>();
    CLI::App* verb = line.add("prelabel", "Propose labels for what is unlabelled; labels are never touched",
                              [options](Console& console) { return propose(*options, console); });
    verb->add_option("project", options->project, "the project's folder")->required();
    verb->add_option("--model", options->model, "a model's id or name; the promoted one unless given");
    verb->add_option("--boundaries", options->boundaries,
                     "where streams are cut: a model of a family that reads them, or change-points; the promoted "
                     "one of those models unless given");
    verb->add_option("--grammar", options->grammar_weight,
                     "of streams: how much it weighs which label follows which and how long each lasts; 0: nothing")
        ->check(CLI::Range(0.0, 10.0))
        ->capture_default_str();
    verb->add_option("--clips", options->clips, "only these clips")->delimiter(',');
    verb->add_flag("--everywhere", options->everywhere,
                   "propose where labels are too, to judge proposals with 'evaluate'");
    options->pool.add_to(*verb);
}

}  // namespace annotator
