#include "annotator/workflows/relink.h"

#include <memory>

#include "annotator/cli/verbs.h"

namespace annotator {

namespace {

struct Options {
    std::string project, folder, author;
};

ExitCode run(const Options& options, Console& console) {
    const JobContext job = console.job();
    SessionOptions who;
    who.author.name = options.author;
    ProjectSession session(options.project, std::move(who));
    const auto result = relink(session, options.folder, job);
    if (!result) {
        console.note("Stopped; nothing was changed.");
        return ExitCode::failed;
    }
    nlohmann::json found = nlohmann::json::array();
    std::string text = std::to_string(result->found.size()) + " recordings found, " +
                       std::to_string(result->missing.size()) + " still missing\n";
    for (const auto& [from, to] : result->found) {
        found.push_back({{"from", from}, {"to", to}});
        text += "  " + from + " is now " + to + "\n";
    }
    for (const std::string& path : result->missing) text += "  " + path + " was not found\n";
    console.result({{"found", found}, {"missing", result->missing}}, text);
    if (result->missing.empty()) return ExitCode::done;
    return result->found.empty() ? ExitCode::failed : ExitCode::in_part;
}

}  // namespace

void add_relink(CommandLine& line) {
    const auto options = std::make_shared<Options>();
    CLI::App* verb = line.add("relink", "Find recordings that were moved or renamed, by their content",
                              [options](Console& console) { return run(*options, console); });
    verb->add_option("project", options->project, "the project's folder")->required();
    verb->add_option("folder", options->folder, "where to look, folders in it included")->required();
    verb->add_option("--author", options->author, "who does it; the user of this machine unless given");
}

}  // namespace annotator
