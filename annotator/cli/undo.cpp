#include <memory>

#include "annotator/cli/verbs.h"
#include "annotator/session/project_session.h"

namespace annotator {

namespace {

struct Options {
    std::string project;
    std::string author;
    int steps = 1;
};

using Step = std::optional<std::string> (ProjectSession::*)();

ExitCode take(const Options& options, Step step, const std::string& said, Console& console) {
    SessionOptions wanted;
    wanted.author.name = options.author;
    ProjectSession session(options.project, std::move(wanted));
    nlohmann::json titles = nlohmann::json::array();
    std::string text;
    for (int i = 0; i < options.steps; ++i) {
        const auto title = (session.*step)();
        if (!title) break;
        titles.push_back(*title);
        text += said + ": " + *title + "\n";
    }
    console.result({{"steps", titles.size()}, {"titles", titles}},
                   text.empty() ? "There is nothing left to do." : text);
    return ExitCode::done;
}

void add_step(CommandLine& line, const std::string& name, const std::string& help, Step step, const std::string& said) {
    const auto options = std::make_shared<Options>();
    CLI::App* verb = line.add(name, help, [=](Console& console) { return take(*options, step, said, console); });
    verb->add_option("project", options->project, "the project's folder")->required();
    verb->add_option("--steps", options->steps, "how many")->check(CLI::PositiveNumber)->capture_default_str();
    verb->add_option("--author", options->author, "who does it; the user of this machine unless given");
}

}  // namespace

void add_undo(CommandLine& line) {
    add_step(line, "undo", "Take back the last edit that stands", &ProjectSession::undo, "Undone");
    add_step(line, "redo", "Make an undone edit again", &ProjectSession::redo, "Redone");
}

}  // namespace annotator
