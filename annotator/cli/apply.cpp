#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <memory>

#include "annotator/cli/verbs.h"
#include "annotator/session/project_session.h"
#include "annotator/workflows/edit_script.h"

namespace annotator {

namespace {

struct Options {
    std::string project;
    std::string edits;
    std::string author;
};

constexpr int deepest_script = 16;  // commands have four levels; copying a hostile one would exhaust the stack

nlohmann::json script_from(const std::string& file) {
    std::ifstream opened;
    if (file != "-") {
        if (!std::filesystem::is_directory(file)) opened.open(file, std::ios::binary);
        if (!opened.is_open()) throw std::runtime_error(file + ": cannot be opened as a file");
    }
    std::istream& stream = file == "-" ? std::cin : opened;
    const std::string text{std::istreambuf_iterator<char>(stream), {}};
    const auto require_shallow = [&](int depth, nlohmann::json::parse_event_t, const nlohmann::json&) {
        if (depth > deepest_script)
            throw std::runtime_error(file + ": is nested deeper than " + std::to_string(deepest_script) +
                                     " levels; nothing was done");
        return true;
    };
    try {
        return nlohmann::json::parse(text, require_shallow);
    } catch (const nlohmann::json::exception& error) {
        throw std::runtime_error(file + ": " + error.what() + "; nothing was done");
    }
}

ExitCode apply(const Options& options, Console& console) {
    const nlohmann::json script = script_from(options.edits);
    SessionOptions wanted;
    wanted.author.name = options.author;
    ProjectSession session(options.project, std::move(wanted));
    const ScriptOutcome outcome = run_edit_script(session, script);
    nlohmann::json failed = nlohmann::json::array();
    std::string text = std::to_string(outcome.applied) + " edits made";
    for (const auto& [command, reason] : outcome.failed) {
        failed.push_back({{"command", command}, {"reason", reason}});
        text += "\n  command " + std::to_string(command) + ": " + reason;
    }
    console.result({{"applied", outcome.applied}, {"failed", failed}}, text);
    if (outcome.failed.empty()) return ExitCode::done;
    return outcome.applied > 0 ? ExitCode::in_part : ExitCode::failed;
}

}  // namespace

void add_apply(CommandLine& line) {
    const auto options = std::make_shared<Options>();
    CLI::App* verb = line.add("apply", "Perform edit commands: the editor's own, scripted",
                              [options](Console& console) { return apply(*options, console); });
    verb->add_option("project", options->project, "the project's folder")->required();
    verb->add_option("edits", options->edits, "a JSON list of commands, '-' for standard input (docs/command-line.md)")
        ->required();
    verb->add_option("--author", options->author, "who edits; the user of this machine unless given");
}

}  // namespace annotator
