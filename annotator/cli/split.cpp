#include <memory>
#include <sstream>

#include "annotator/cli/verbs.h"
#include "annotator/workflows/split_project.h"

namespace annotator {

namespace {

using nlohmann::json;

std::string text_of(const SplitProjectResult& result) {
    std::ostringstream text;
    text.precision(1);
    text << std::fixed << "Split '" << result.split.name << "': " << result.assignment.groups
         << " groups that stay together\n";
    for (const auto& share : result.assignment.shares)
        text << "  fold " << share.fold << " " << schemas::to_text(share.subset) << ": " << share.clips << " clips, "
             << 100 * share.reached << " % (meant " << 100 * share.target << " %)\n";
    text << "  furthest from even: " << 100 * result.assignment.worst_stratum_deviation << " points, "
         << result.assignment.worst_stratum << "\n";
    for (const std::string& warning : result.assignment.warnings) text << "  " << warning << "\n";
    for (const storage::Leak& leak : result.leaks)
        text << "  leak: " << leak.key << " '" << leak.value << "' is in several subsets of fold " << leak.fold << "\n";
    return text.str();
}

json json_of(const SplitProjectResult& result, const Document& document) {
    json shares = json::array(), leaks = json::array(), members = json::array();
    for (const auto& share : result.assignment.shares)
        shares.push_back({{"fold", share.fold},
                          {"subset", std::string(schemas::to_text(share.subset))},
                          {"clips", share.clips},
                          {"target", share.target},
                          {"reached", share.reached}});
    for (const storage::Leak& leak : result.leaks)
        leaks.push_back({{"fold", leak.fold}, {"key", leak.key}, {"value", leak.value}});
    for (const auto& member : result.split.members)
        members.push_back({{"clip", document.at<schemas::Clip>(member.clip).name},
                           {"fold", member.fold},
                           {"subset", std::string(schemas::to_text(member.subset))}});
    return {{"name", result.split.name},
            {"scheme", result.split.scheme},
            {"grouped", result.split.grouped},
            {"groups", result.assignment.groups},
            {"shares", shares},
            {"worst_size_deviation", result.assignment.worst_size_deviation},
            {"worst_stratum_deviation", result.assignment.worst_stratum_deviation},
            {"worst_stratum", result.assignment.worst_stratum},
            {"warnings", result.assignment.warnings},
            {"leaks", leaks},
            {"members", members}};
}

}  // namespace

void add_split(CommandLine& line) {
    struct Options {
        std::string project;
        SplitProjectOptions split;
    };
    const auto options = std::make_shared<Options>();
    CLI::App* verb =
        line.add("split", "Deal clips out to train, validation and test without leaks", [options](Console& console) {
            ProjectSession session(options->project, {});
            const SplitProjectResult result = split_project(session, options->split);
            console.result(json_of(result, session.document()), text_of(result));
            return ExitCode::done;
        });
    storage::SplitOptions& split = options->split.split;
    verb->add_option("project", options->project, "the project's folder")->required();
    verb->add_option("--scheme", split.scheme, "60/20/20, any other shares, kfold:5 or cross-subject")
        ->capture_default_str();
    verb->add_option("--group", split.group_keys,
                     "what never straddles two subsets: performer take choreography music view setup; performer,take "
                     "unless given")
        ->delimiter(',');
    verb->add_option("--stratify", split.stratify_keys, "tracks whose labels every subset gets its share of")
        ->delimiter(',');
    verb->add_option("--test-performers", split.test_performers,
                     "cross-subject: who is tested on; each in turn unless given")
        ->delimiter(',');
    verb->add_option("--seed", split.seed, "the same seed gives the same split")->capture_default_str();
    verb->add_option("--name", options->split.name, "what to call it; a split of that name is replaced")
        ->capture_default_str();
}

}  // namespace annotator
