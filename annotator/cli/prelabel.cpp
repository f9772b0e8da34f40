#include "annotator/workflows/prelabel.h"

#include <memory>
#include <optional>
#include <stdexcept>

#include "annotator/cli/pool_arguments.h"
#include "annotator/cli/row_text.h"
#include "annotator/cli/verbs.h"
#include "annotator/workflows/prelabel_shards.h"
#include "storage/text_file.h"

namespace annotator {

namespace {

struct Options {
    std::string project, boundaries, shard, out;
    double grammar_weight = 0.3;
    std::vector<std::string> models, clips;
    std::vector<std::filesystem::path> merge;
    bool everywhere = false;
    PoolArguments pool;
};

// "2/4"
Shard shard_from(const std::string& text) {
    const auto slash = text.find('/');
    const auto number = storage::integer_from(text.substr(0, slash));
    const auto count = slash == std::string::npos ? std::nullopt : storage::integer_from(text.substr(slash + 1));
    if (!number || !count || *number < 1 || *number > *count)
        throw std::invalid_argument("--shard " + text + ": expected I/N with I from 1 to N, such as 2/4");
    return {static_cast<std::size_t>(*number), static_cast<std::size_t>(*count)};
}

void show(const Document& document, const PrelabelResult& result, const std::string& where, Console& console,
          const std::optional<std::string>& boundaries = std::nullopt) {
    nlohmann::json list = nlohmann::json::array();
    for (const schemas::Proposal& proposal : result.proposals)
        list.push_back({{"clip", document.at<schemas::Clip>(proposal.clip).name},
                        {"span", {proposal.begin_frame, proposal.end_frame}},
                        {"boundary_score", proposal.boundary_score},
                        {"top", top_json(document, proposal.top)}});
    std::string text = std::to_string(result.proposals.size()) + " proposals by " + result.model.name + where;
    for (const std::string& note : result.notes) text += "\n  " + note;
    nlohmann::json answer{
        {"model", result.model.name}, {"clips", result.clips.size()}, {"proposals", list}, {"notes", result.notes}};
    if (boundaries) {
        answer["boundaries"] = *boundaries;
        if (*boundaries != change_points_family && *boundaries != result.model.name)
            text += "\n  streams were cut by " + *boundaries;
    }
    console.result(answer, text);
}

ExitCode propose(const Options& options, Console& console) {
    PrelabelOptions wanted;
    if (!options.models.empty()) {
        wanted.model = options.models.front();
        wanted.beside.assign(options.models.begin() + 1, options.models.end());
    }
    wanted.boundaries = options.boundaries;
    wanted.grammar_weight = options.grammar_weight;
    wanted.clips.insert(options.clips.begin(), options.clips.end());
    wanted.pool = options.pool.pool();
    if (options.everywhere) wanted.pool.labels = PoolOptions::Labels::none;
    if (!options.shard.empty()) wanted.shard = shard_from(options.shard);
    const JobContext job = console.job();
    SessionOptions how;
    if (!options.out.empty()) how.access = storage::Access::read_only;
    ProjectSession session(options.project, std::move(how));
    const auto result =
        options.out.empty() ? prelabel(session, wanted, job) : prelabel_to_file(session, wanted, options.out, job);
    if (!result) {
        console.note(options.out.empty() ? "Stopped; the earlier proposals stand." : "Stopped; nothing was written.");
        return ExitCode::failed;
    }
    show(session.document(), *result, options.out.empty() ? "" : " in " + options.out, console,
         result->streams.id == schemas::ModelId{} ? change_points_family : result->streams.name);
    return ExitCode::done;
}

ExitCode merge(const Options& options, Console& console) {
    ProjectSession session(options.project, {});
    const PrelabelResult result = merge_shards(session, options.merge);
    show(session.document(), result, " from " + std::to_string(options.merge.size()) + " shards", console);
    return ExitCode::done;
}

}  // namespace

void add_prelabel(CommandLine& line) {
    const auto options = std::make_shared<Options>();
    CLI::App* verb = line.add("prelabel", "Propose labels for what is unlabelled; labels are never touched",
                              [options](Console& console) {
                                  return options->merge.empty() ? propose(*options, console) : merge(*options, console);
                              });
    verb->add_option("project", options->project, "the project's folder")->required();
    verb->add_option("--model", options->models,
                     "a model's id or name, or several, asked together; the promoted one unless given")
        ->delimiter(',');
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
    verb->add_option("--shard", options->shard, "I/N: propose for the I-th of N parts of the clips, such as 2/4");
    verb->add_option("--out", options->out,
                     "write the proposals to this file, for --merge, and nothing to the project");
    verb->add_option("--merge", options->merge, "store what all shards of one run wrote with --out; computes nothing")
        ->excludes("--shard")
        ->excludes("--out")
        ->excludes("--model")
        ->excludes("--boundaries")
        ->excludes("--grammar")
        ->excludes("--clips")
        ->excludes("--everywhere");
}

}  // namespace annotator
