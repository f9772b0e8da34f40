#pragma once

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include <functional>
#include <string>

#include "annotator/jobs/job_context.h"

namespace annotator {

enum class ExitCode { done = 0, failed = 1, wrong_usage = 2, in_part = 3 };

// Where a verb speaks. With --json one document goes to standard output and nothing else
// does; progress is JSON lines on standard error then, else one line on a terminal.
class Console {
public:
    explicit Console(const bool& json) : json_(json) {}

    [[nodiscard]] bool json() const { return json_; }
    // The verb's result: `document` with --json, else `text`.
    void result(const nlohmann::json& document, const std::string& text) const;
    // For people, on standard error.
    void note(const std::string& text) const;
    // Reports progress here and stops at Ctrl+C.
    [[nodiscard]] JobContext job() const;

private:
    const bool& json_;
};

// The verbs of the program. Each file of cli/ adds one:
//
//     void add_status(CommandLine& line) {
//         auto options = std::make_shared<Options>();
//         CLI::App* verb = line.add("status", "what is in a project", [options](Console& console) { … });
//         verb->add_option("project", options->project)->required();
//     }
class CommandLine {
public:
    using Run = std::function<ExitCode(Console&)>;

    CommandLine();
    CLI::App* add(const std::string& name, const std::string& help, Run run);
    int run(int count, const char* const* arguments);

private:
    CLI::App app_;
    bool json_ = false;
    Run chosen_;
};

}  // namespace annotator
