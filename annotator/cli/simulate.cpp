#include "annotator/workflows/simulate.h"

#include <algorithm>
#include <cmath>
#include <fstream>
#include <functional>
#include <map>
#include <memory>

#include "annotator/cli/text_table.h"
#include "annotator/cli/verbs.h"
#include "inference/families.h"

namespace annotator {

namespace {

using nlohmann::json;

struct Options {
    std::string project, csv;
    SimulateOptions simulate;
    bool supervised = false;
};

json json_of(const std::optional<double>& value) { return value ? json(*value) : json(nullptr); }

json json_of(const SimulationRow& row) {
    return {{"strategy", row.strategy},
            {"seed", row.seed},
            {"test_performers", row.test_performers},
            {"labels", row.labels},
            {"labelled", row.labelled},
            {"pool_accuracy", json_of(row.pool_accuracy)},
            {"unseen_accuracy", json_of(row.unseen_accuracy)},
            {"corpus_accuracy", row.corpus_accuracy},
            {"operations", row.operations},
            {"operations_scratch", row.operations_scratch},
            {"seconds", row.seconds},
            {"seconds_scratch", row.seconds_scratch},
            {"boundary_f1", json_of(row.boundary_f1)},
            {"reclassified_accuracy", json_of(row.reclassified_accuracy)},
            {"frames_alone", json_of(row.frames_alone)},
            {"operations_policy_a", json_of(row.operations_policy_a)},
            {"seconds_policy_a", json_of(row.seconds_policy_a)},
            {"unseen_boundary_f1", json_of(row.unseen_boundary_f1)},
            {"unseen_frames_alone", json_of(row.unseen_frames_alone)},
            {"unseen_operations", json_of(row.unseen_operations)},
            {"unseen_operations_policy_a", json_of(row.unseen_operations_policy_a)},
            {"unseen_operations_scratch", json_of(row.unseen_operations_scratch)}};
}

// The mean over folds for each seed, then mean and deviation over seeds.
struct Summary {
    std::string strategy;
    double labelled = 0;
    std::size_t seeds = 0;
    std::map<std::string, std::pair<double, double>> values;
};

// What is known of streams alone.
void add_streams(const std::function<void(const std::string&, std::optional<double>)>& add, const SimulationRow& row) {
    const auto ratio = [](std::optional<double> part, std::optional<double> whole) {
        return part && whole && *whole > 0 ? std::optional(*part / *whole) : std::nullopt;
    };
    add("boundary_f1", row.boundary_f1);
    add("reclassified_accuracy", row.reclassified_accuracy);
    add("frames_alone", row.frames_alone);
    add("operations_policy_a", ratio(row.operations_policy_a, row.operations_scratch));
    add("seconds_policy_a", ratio(row.seconds_policy_a, row.seconds_scratch));
    add("unseen_boundary_f1", row.unseen_boundary_f1);
    add("unseen_frames_alone", row.unseen_frames_alone);
    add("unseen_operations", ratio(row.unseen_operations, row.unseen_operations_scratch));
    add("unseen_operations_policy_a", ratio(row.unseen_operations_policy_a, row.unseen_operations_scratch));
}

// Rows of one strategy at one point of its curve.
std::vector<Summary> summaries(const std::vector<SimulationRow>& rows) {
    std::map<std::tuple<std::string, int>, std::map<std::uint64_t, std::vector<const SimulationRow*>>> points;
    std::vector<std::tuple<std::string, int>> order;
    std::map<std::tuple<std::string, std::uint64_t, std::string>, int> position;
    for (const SimulationRow& row : rows) {
        const std::tuple key{row.strategy, position[{row.strategy, row.seed, row.test_performers}]++};
        if (!points.contains(key)) order.push_back(key);
        points[key][row.seed].push_back(&row);
    }
    std::vector<Summary> list;
    for (const auto& key : order) {
        Summary summary;
        summary.strategy = std::get<0>(key);
        std::map<std::string, std::vector<double>> per_seed;
        for (const auto& [seed, folds] : points[key]) {
            std::map<std::string, std::pair<double, double>> sums;
            const auto add = [&](const std::string& name, std::optional<double> value) {
                if (value) sums[name].first += *value, sums[name].second += 1;
            };
            for (const SimulationRow* row : folds) {
                add("labelled", row->labelled);
                add("pool_accuracy", row->pool_accuracy);
                add("unseen_accuracy", row->unseen_accuracy);
                add("corpus_accuracy", row->corpus_accuracy);
                add("operations", row->operations / row->operations_scratch);
                add("seconds", row->seconds / row->seconds_scratch);
                add_streams(add, *row);
            }
            for (const auto& [name, sum] : sums) per_seed[name].push_back(sum.first / sum.second);
        }
        for (const auto& [name, values] : per_seed) {
            double mean = 0, squares = 0;
            for (const double value : values) mean += value / static_cast<double>(values.size());
            for (const double value : values) squares += (value - mean) * (value - mean);
            summary.values[name] = {
                mean, values.size() > 1 ? std::sqrt(squares / static_cast<double>(values.size() - 1)) : 0};
            summary.seeds = values.size();
        }
        summary.labelled = summary.values["labelled"].first;
        list.push_back(std::move(summary));
    }
    return list;
}

std::string cell_of(const Summary& summary, const std::string& name) {
    const auto found = summary.values.find(name);
    if (found == summary.values.end()) return "–";
    return percent_figure(found->second.first) +
           (summary.seeds > 1 ? " ± " + percent_figure(found->second.second) : "");
}

std::string stream_text_of(const std::vector<Summary>& list) {
    TextTable table({"streams", "boundaries", "frames alone", "segments again", "actions, policy A",
                     "unseen: boundaries", "frames alone", "actions", "policy A"});
    for (const Summary& summary : list)
        table.add({summary.strategy, cell_of(summary, "boundary_f1"), cell_of(summary, "frames_alone"),
                   cell_of(summary, "reclassified_accuracy"), cell_of(summary, "operations_policy_a"),
                   cell_of(summary, "unseen_boundary_f1"), cell_of(summary, "unseen_frames_alone"),
                   cell_of(summary, "unseen_operations"), cell_of(summary, "unseen_operations_policy_a")});
    return table.text() +
           "Boundaries: F1 within 5 frames. Frames alone: by the model of boundaries itself. Segments again: labels,\n"
           "once boundaries are right. Policy A leaves the model out of that.\n";
}

std::string text_of(const std::vector<Summary>& list) {
    TextTable table({"strategy", "labelled", "rest of the pool", "unseen performers", "whole corpus",
                     "actions / scratch", "time / scratch"});
    for (const Summary& summary : list)
        table.add({summary.strategy, percent_figure(summary.labelled), cell_of(summary, "pool_accuracy"),
                   cell_of(summary, "unseen_accuracy"), cell_of(summary, "corpus_accuracy"),
                   cell_of(summary, "operations"), cell_of(summary, "seconds")});
    const bool streams = std::ranges::any_of(
        list, [](const Summary& summary) { return summary.values.contains("operations_policy_a"); });
    return table.text() + (streams ? stream_text_of(list) : "") + "Means in %, over folds; ± over seeds.\n";
}

void write_csv(const std::string& file, const std::vector<SimulationRow>& rows) {
    std::ofstream stream(file);
    const auto write_line = [&](const json& row,
                                const std::function<std::string(const std::string&, const json&)>& cell) {
        std::string line;
        for (const auto& [name, value] : row.items()) line += cell(name, value) + ",";
        line.back() = '\n';
        stream << line;
    };
    write_line(json_of(SimulationRow{}), [](const std::string& name, const json&) { return name; });
    for (const SimulationRow& row : rows)
        write_line(json_of(row),
                   [](const std::string&, const json& value) { return value.is_null() ? "" : value.dump(); });
    stream.flush();
    if (!stream) throw std::runtime_error(file + ": could not be written");
}

ExitCode run(const Options& options, Console& console) {
    const JobContext job = console.job();
    SessionOptions reading;
    reading.access = storage::Access::read_only;
    ProjectSession session(options.project, std::move(reading));
    SimulateOptions wanted = options.simulate;
    wanted.semi_supervised = !options.supervised;
    const auto result = simulate(session, wanted, job);
    if (!result) {
        console.note("Stopped.");
        return ExitCode::failed;
    }
    if (!options.csv.empty()) write_csv(options.csv, result->rows);
    json rows = json::array(), means = json::array();
    for (const SimulationRow& row : result->rows) rows.push_back(json_of(row));
    const auto list = summaries(result->rows);
    for (const Summary& summary : list) {
        json entry{{"strategy", summary.strategy}, {"seeds", summary.seeds}};
        for (const auto& [name, value] : summary.values)
            entry[name] = {{"mean", value.first}, {"deviation", value.second}};
        means.push_back(std::move(entry));
    }
    console.result({{"unit", std::string(schemas::to_text(result->unit))},
                    {"rows", rows},
                    {"means", means},
                    {"notes", result->notes}},
                   text_of(list));
    return ExitCode::done;
}

}  // namespace

void add_simulate(CommandLine& line) {
    const auto options = std::make_shared<Options>();
    CLI::App* verb = line.add(
        "simulate", "Replay the labelling loop with known labels: what a strategy reaches, and the work it saves",
        [options](Console& console) { return run(*options, console); });
    SimulateOptions& wanted = options->simulate;
    verb->add_option("project", options->project, "the project's folder")->required();
    verb->add_option("--strategies", wanted.strategies,
                     "random balanced-random entropy margin ohem facility coreset diverse-hard all")
        ->delimiter(',')
        ->capture_default_str();
    verb->add_option("--budget", wanted.budget, "share that the annotator labels")
        ->check(CLI::Range(0.0, 1.0))
        ->capture_default_str();
    verb->add_option("--seeds", wanted.seeds, "how many repetitions")
        ->check(CLI::PositiveNumber)
        ->capture_default_str();
    verb->add_option("--first-seed", wanted.first_seed, "of the first repetition")->capture_default_str();
    verb->add_option("--test-performers", wanted.test_performers, "held out together; each in turn unless given")
        ->delimiter(',');
    verb->add_option("--truth", wanted.truth,
                     "the layer that is known; the hidden truth, else the fullest, unless given");
    verb->add_option("--track", wanted.track, "the track of labels that it is about")->capture_default_str();
    verb->add_option("--model", wanted.family, "the model family: " + inference::family_names())->capture_default_str();
    verb->add_option("--boundaries", wanted.boundaries,
                     "of streams: change-points, or a family that reads them: " + inference::stream_family_names())
        ->capture_default_str();
    verb->add_option("--boundary-steps", wanted.boundary_steps, "of the training of that family")
        ->check(CLI::PositiveNumber)
        ->capture_default_str();
    verb->add_option("--grammar", wanted.grammar_weight,
                     "of streams: how much it weighs which label follows which and how long each lasts; 0: nothing")
        ->check(CLI::Range(0.0, 10.0))
        ->capture_default_str();
    verb->add_option("--steps", wanted.steps, "of the last training")
        ->check(CLI::PositiveNumber)
        ->capture_default_str();
    verb->add_option("--round-steps", wanted.round_steps, "of the trainings that only choose")
        ->check(CLI::PositiveNumber)
        ->capture_default_str();
    verb->add_option("--threads", wanted.threads, "of a training")->check(CLI::PositiveNumber)->capture_default_str();
    verb->add_flag("--supervised", options->supervised, "learn from the labelled part alone");
    verb->add_flag("--curve", wanted.curve, "a row after every round");
    verb->add_option("--csv", options->csv, "write the rows to this file too");
}

}  // namespace annotator
