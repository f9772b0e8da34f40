#include "annotator/session/work_command.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <thread>

namespace annotator {

namespace {

using nlohmann::json;
using std::filesystem::path;

const std::string& track_name(const Document& document, schemas::TrackId track) {
    if (const auto* row = document.find<schemas::Track>(track)) return row->name;
    throw std::invalid_argument("There is no track to work on. Choose one in the list.");
}

std::string counted(std::size_t count, const std::string& one, const std::string& many) {
    return std::to_string(count) + " " + (count == 1 ? one : many);
}

std::string percent(double share) { return std::to_string(std::llround(100 * share)) + " %"; }

std::string training_outcome(const json& answer) {
    std::string text = answer.at("name").get<std::string>() + " is trained";
    const json& validation = answer.at("metrics").at("validation");
    if (validation.is_object())
        text += ": " + percent(validation.at("accuracy").get<double>()) + " right on " +
                counted(validation.at("samples").get<std::size_t>(), "example", "examples") + " it had not seen";
    return text + ". Promote it to let it pre-label.";
}

std::string import_outcome(const json& answer) {
    std::string text = counted(answer.at("takes_added").get<std::size_t>(), "take was added", "takes were added");
    std::size_t errors = 0;
    std::string first;
    for (const json& entry : answer.at("left_out")) {
        if (entry.at("severity") != "error") continue;
        if (errors++ == 0) first = entry.at("path").get<std::string>() + ": " + entry.at("reason").get<std::string>();
    }
    if (errors > 0) text += "; " + counted(errors, "file", "files") + " could not be read. The first: " + first;
    const std::size_t problems = answer.at("problems").size();
    if (problems > 0) text += "; " + counted(problems, "problem", "problems") + " in what came in";
    return text + ".";
}

CheckOutcome check_from(const json& answer) {
    CheckOutcome outcome;
    for (const json& entry : answer.at("findings"))
        outcome.findings.push_back({schemas::enum_from<storage::Severity>(entry.at("severity").get<std::string>())
                                        .value_or(storage::Severity::warning),
                                    entry.at("what").get<std::string>(), entry.at("where").get<std::string>()});
    return outcome;
}

schemas::Subset subset_from(const json& name) {
    return schemas::enum_from<schemas::Subset>(name.get<std::string>()).value_or(schemas::Subset::train);
}

SplitOutcome split_from(const json& answer) {
    SplitOutcome outcome;
    outcome.name = answer.at("name").get<std::string>();
    outcome.groups = answer.at("groups").get<std::int64_t>();
    for (const json& share : answer.at("shares"))
        outcome.shares.push_back({share.at("fold").get<std::int64_t>(), subset_from(share.at("subset")),
                                  share.at("clips").get<std::int64_t>(), share.at("target").get<double>(),
                                  share.at("reached").get<double>()});
    for (const json& leak : answer.at("leaks"))
        outcome.leaks.push_back({leak.at("fold").get<std::int64_t>(),
                                 leak.at("key").get<std::string>(),
                                 leak.at("value").get<std::string>(),
                                 {}});
    outcome.warnings = answer.at("warnings").get<std::vector<std::string>>();
    return outcome;
}

ExportOutcome export_from(const json& answer, const path& folder) {
    ExportOutcome outcome;
    outcome.folder = folder;
    outcome.written = answer.at("written").get<bool>();
    outcome.files = answer.at("files").size();
    for (const auto& [name, file] : answer.at("files").items()) outcome.bytes += file.at("bytes").get<std::uint64_t>();
    for (const json& loss : answer.at("losses"))
        outcome.losses.push_back({loss.at("format").get<std::string>(), loss.at("what").get<std::string>(),
                                  loss.at("where").get<std::string>(), loss.at("count").get<std::int64_t>()});
    return outcome;
}

}  // namespace

std::vector<std::string> words_of(const std::string& list) {
    std::vector<std::string> words;
    for (std::size_t begin = 0; begin <= list.size();) {
        const std::size_t end = std::min(list.find(',', begin), list.size());
        const std::size_t from = list.find_first_not_of(' ', begin);
        const std::size_t to = end == 0 ? std::string::npos : list.find_last_not_of(' ', end - 1);
        if (from < end && to != std::string::npos) words.push_back(list.substr(from, to + 1 - from));
        begin = end + 1;
    }
    return words;
}

WorkCommand command_for(const ImportRecordings& wanted, const path& project) {
    if (wanted.paths.empty()) throw std::invalid_argument("Nothing to import was named.");
    WorkCommand command{JobKind::import, "Import " + wanted.paths.front().filename().string(), {}, Lane::file};
    if (wanted.paths.size() > 1) command.title = "Import " + std::to_string(wanted.paths.size()) + " files and folders";
    command.arguments = {"import", project.string()};
    for (const path& each : wanted.paths) command.arguments.push_back(std::filesystem::absolute(each).string());
    return command;
}

WorkCommand command_for(const StartTraining& wanted, const Document& document, const path& project) {
    const std::string& track = track_name(document, wanted.track);
    const unsigned cores = std::max(2U, std::thread::hardware_concurrency());
    WorkCommand command{JobKind::train, "Train on " + track, {}, Lane::compute};
    command.arguments = {"train",
                         project.string(),
                         "--no-promote",
                         "--track=" + track,
                         "--model=" + wanted.family,
                         "--seed=" + std::to_string(wanted.seed),
                         "--threads=" + std::to_string(cores - 1)};
    if (wanted.steps > 0) command.arguments.push_back("--steps=" + std::to_string(wanted.steps));
    return command;
}

WorkCommand command_for(const Prelabel& wanted, const Document& document, const path& project) {
    const std::string& track = track_name(document, wanted.track);
    WorkCommand command{JobKind::prelabel, "Pre-label " + track, {}, Lane::compute};
    command.arguments = {"prelabel", project.string(), "--track=" + track};
    for (const std::string& clip : wanted.clips) command.arguments.push_back("--clips=" + clip);
    return command;
}

WorkCommand command_for(const BuildQueue& wanted, const Document& document, const path& project) {
    const std::string& track = track_name(document, wanted.track);
    WorkCommand command{JobKind::queue, "Build the review queue of " + track, {}, Lane::compute};
    command.arguments = {"queue", project.string(), "--track=" + track, "--top=" + std::to_string(wanted.top)};
    if (!wanted.strategy.empty()) command.arguments.push_back("--strategy=" + wanted.strategy);
    return command;
}

WorkCommand command_for(const CheckProject&, const path& project) {
    return {JobKind::check, "Check the project", {"check", project.string()}, Lane::file};
}

WorkCommand command_for(const MakeSplit& wanted, const path& project) {
    if (wanted.name.empty()) throw std::invalid_argument("A split needs a name.");
    WorkCommand command{JobKind::split, "Split '" + wanted.name + "'", {}, Lane::file};
    command.arguments = {"split", project.string(), "--name=" + wanted.name, "--seed=" + std::to_string(wanted.seed)};
    if (!wanted.scheme.empty()) command.arguments.push_back("--scheme=" + wanted.scheme);
    for (const std::string& key : words_of(wanted.group)) command.arguments.push_back("--group=" + key);
    for (const std::string& key : words_of(wanted.stratify)) command.arguments.push_back("--stratify=" + key);
    return command;
}

WorkCommand command_for(const ExportDataset& wanted, const path& project) {
    const bool plan = wanted.how == ExportHow::plan;
    if (wanted.folder.empty()) throw std::invalid_argument("An export needs a folder. Name one outside the project.");
    const path folder = std::filesystem::absolute(wanted.folder);
    WorkCommand command{plan ? JobKind::plan_export : JobKind::export_dataset,
                        (plan ? "Plan the export to " : "Export to ") + folder.filename().string(),
                        {},
                        Lane::file,
                        folder};
    command.arguments = {"export", project.string(), folder.string()};
    for (const std::string& format : words_of(wanted.format)) command.arguments.push_back("--format=" + format);
    if (!wanted.split.empty()) command.arguments.push_back("--split=" + wanted.split);
    if (plan) command.arguments.push_back("--dry-run");
    return command;
}

std::string read_line(const std::string& line, JobView& view) {
    const json parsed = json::parse(line, nullptr, false);
    if (!parsed.is_object() || !parsed.contains("progress")) {
        constexpr std::string_view own_name = "kinetograph: ";
        return line.starts_with(own_name) ? line.substr(own_name.size()) : line;
    }
    const json& progress = parsed.at("progress");
    view.progress = {progress.value("doing", ""), progress.value("done", 0.0), progress.value("total", 0.0)};
    if (const auto curve = parsed.find("curve"); curve != parsed.end()) {
        CurvePoint point{view.progress.doing, view.progress.done, {}};
        for (const auto& [name, value] : curve->items())
            if (value.is_number()) point.figures[name] = value.get<double>();
        view.curve.push_back(std::move(point));
    }
    return "";
}

std::string read_answer(const WorkCommand& command, const std::string& text, WorkOutcomes& outcomes) {
    const json answer = json::parse(text);
    switch (command.kind) {
        case JobKind::import:
            return import_outcome(answer);
        case JobKind::train:
            return training_outcome(answer);
        case JobKind::prelabel:
            return counted(answer.at("proposals").size(), "proposal", "proposals") + " by " +
                   answer.at("model").get<std::string>() + ". Accept, correct or reject them.";
        case JobKind::queue:
            return counted(answer.at("items").size(), "example", "examples") + " to review.";
        case JobKind::check:
            outcomes.check = check_from(answer);
            return outcomes.check->findings.empty()
                       ? "Nothing was found."
                       : counted(outcomes.check->findings.size(), "finding", "findings") + ".";
        case JobKind::split:
            outcomes.split = split_from(answer);
            return "Split '" + outcomes.split->name + "' is made: " +
                   (outcomes.split->leaks.empty() ? "no leaks"
                                                  : counted(outcomes.split->leaks.size(), "leak", "leaks")) +
                   ".";
        case JobKind::export_dataset:
        case JobKind::plan_export:
            outcomes.exported = export_from(answer, command.folder);
            return (outcomes.exported->written ? "Wrote " : "Would write ") +
                   counted(outcomes.exported->files, "file", "files") + " to " + command.folder.string() + ".";
    }
    return "";
}

bool did_its_work(const WorkCommand& command, int exit_code, const std::string& answer) {
    if (exit_code == 0 || exit_code == 3) return true;
    // A check that finds errors says so with its exit code; its answer counts all the same.
    return command.kind == JobKind::check && exit_code == 1 && !answer.empty();
}

ReadAgain read_again_after(JobKind kind) {
    switch (kind) {
        case JobKind::import:
            return ReadAgain::everything;
        case JobKind::train:
        case JobKind::prelabel:
        case JobKind::queue:
        case JobKind::split:
            return ReadAgain::model_output;
        default:
            return ReadAgain::nothing;
    }
}

}  // namespace annotator
