#include <memory>

#include "annotator/cli/verbs.h"
#include "annotator/session/project_session.h"
#include "annotator/workflows/make_proxies.h"

namespace annotator {

namespace {

using nlohmann::json;

struct Options {
    std::string project;
    bool remove = false;
    storage::ProxyOptions proxy;
};

ExitCode remove(ProjectSession& session, Console& console) {
    const int deleted = delete_proxies(session.store());
    console.result({{"deleted", deleted}}, std::to_string(deleted) + " previews deleted.");
    return ExitCode::done;
}

ExitCode make(ProjectSession& session, const Options& options, Console& console) {
    const auto summary = make_proxies(session, options.proxy, console.job());
    if (!summary) {
        console.note("Stopped; the previews that were finished are kept.");
        return ExitCode::failed;
    }
    json left_out = json::array();
    std::string text =
        std::to_string(summary->made) + " previews made, " + std::to_string(summary->there_already) + " there already.";
    for (const storage::StoredProblem& problem : summary->left_out) {
        left_out.push_back({{"path", problem.path}, {"reason", problem.problem.what}});
        text += "\nLeft out: " + problem.problem.what;
    }
    console.result({{"made", summary->made}, {"there_already", summary->there_already}, {"left_out", left_out}}, text);
    return summary->left_out.empty() ? ExitCode::done : ExitCode::in_part;
}

}  // namespace

void add_proxy(CommandLine& line) {
    const auto options = std::make_shared<Options>();
    CLI::App* verb =
        line.add("proxy", "Make small copies of a project's videos, to scrub in", [options](Console& console) {
            SessionOptions read_only;
            read_only.access = storage::Access::read_only;
            ProjectSession session(options->project, read_only);
            return options->remove ? remove(session, console) : make(session, *options, console);
        });
    verb->add_option("project", options->project, "the project's folder")->required();
    verb->add_flag("--delete", options->remove, "delete them instead; they can be made again");
    verb->add_option("--side", options->proxy.longest_side, "pixels of the longer side")
        ->check(CLI::Range(64, 4096))
        ->capture_default_str();
}

}  // namespace annotator
