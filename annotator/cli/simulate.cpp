#include "annotator/workflows/simulate.h"

#include <fstream>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <tuple>

#include "annotator/cli/text_table.h"
#include "annotator/cli/verbs.h"
#include "annotator/workflows/curve_picture.h"
#include "inference/families.h"
#include "storage/export/atomic_file.h"
#include "storage/formats/csv.h"
#include "storage/hash.h"

namespace annotator {

namespace {

using nlohmann::json;

struct Options {
    std::string project, csv, ids, picture;
    std::vector<double> points;
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
            {"operations_policy_a", row.operations_inherited},
            {"seconds_policy_a", row.seconds_inherited},
            {"ids_sha256", row.parts_sha256},
            {"boundary_f1", json_of(row.boundary_f1)},
            {"reclassified_accuracy", json_of(row.reclassified_accuracy)},
            {"frames_alone", json_of(row.frames_alone)},
            {"unseen_boundary_f1", json_of(row.unseen_boundary_f1)},
            {"unseen_frames_alone", json_of(row.unseen_frames_alone)},
            {"unseen_operations", json_of(row.unseen_operations)},
            {"unseen_operations_policy_a", json_of(row.unseen_operations_inherited)},
            {"unseen_operations_scratch", json_of(row.unseen_operations_scratch)}};
}

std::string cell_of(const PointSummary& summary, const std::string& name) {
    const auto found = summary.values.find(name);
    if (found == summary.values.end()) return "–";
    return percent_figure(found->second.mean) +
           (found->second.seeds > 1 ? " ± " + percent_figure(found->second.deviation) : "");
}

std::string stream_text_of(const std::vector<PointSummary>& list) {
    TextTable table({"streams", "boundaries", "frames alone", "segments again", "actions, policy A",
                     "unseen: boundaries", "frames alone", "actions", "policy A"});
    for (const PointSummary& summary : list)
        table.add({summary.strategy, cell_of(summary, "boundary_f1"), cell_of(summary, "frames_alone"),
                   cell_of(summary, "reclassified_accuracy"), cell_of(summary, "operations_policy_a"),
                   cell_of(summary, "unseen_boundary_f1"), cell_of(summary, "unseen_frames_alone"),
                   cell_of(summary, "unseen_operations"), cell_of(summary, "unseen_operations_policy_a")});
    return table.text() +
           "Boundaries: F1 within 5 frames. Frames alone: by the model of boundaries itself. Segments again: labels,\n"
           "once boundaries are right. Policy A leaves the model out of that.\n";
}

std::string text_of(const std::vector<PointSummary>& list, LabelUnit unit) {
    TextTable table({"strategy", "labelled", "rest of the pool", "unseen performers", "whole corpus",
                     "actions / scratch", "time / scratch"});
    for (const PointSummary& summary : list)
        table.add({summary.strategy, percent_figure(summary.labelled), cell_of(summary, "pool_accuracy"),
                   cell_of(summary, "unseen_accuracy"), cell_of(summary, "corpus_accuracy"),
                   cell_of(summary, "operations"), cell_of(summary, "seconds")});
    return table.text() + (unit == LabelUnit::frame ? stream_text_of(list) : "") +
           "Means in %, over folds; ± over seeds.\n";
}

std::string text_of(const std::vector<CurveSummary>& list) {
    if (list.empty()) return "";
    TextTable table({"strategy", "accuracy on", "all labels", "R20", "AULC@20", "labels for 90 %", "95 %", "99 %"});
    for (const CurveSummary& summary : list) {
        const auto cell = [&](const std::string& name) {
            const auto found = summary.figures.find(name);
            if (found == summary.figures.end()) return std::string("–");
            const Spread& spread = found->second;
            return percent_figure(spread.mean) + (spread.seeds > 1 ? " ± " + percent_figure(spread.deviation) : "");
        };
        const std::string reading = summary.reading == "pool_accuracy"     ? "rest of the pool"
                                    : summary.reading == "unseen_accuracy" ? "unseen performers"
                                                                           : "whole corpus";
        table.add({summary.strategy, reading, cell("full"), cell("r20"), cell("aulc20"), cell("needed_90"),
                   cell("needed_95"), cell("needed_99")});
    }
    return "\n" + table.text() + "In %; R20, AULC@20 and labels needed are against the accuracy with all labels.\n";
}

json json_of(const std::map<std::string, Spread>& values) {
    json entry = json::object();
    for (const auto& [name, value] : values)
        entry[name] = {{"mean", value.mean}, {"deviation", value.deviation}, {"seeds", value.seeds}};
    return entry;
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

// Each label of a run once, with the point of the curve that it first counts at and the hash of the list there.
void write_ids(const std::string& file, const std::vector<SimulationRow>& rows) {
    std::string text = storage::csv_row(
        {"strategy", "seed", "test_performers", "labelled", "clip", "begin_frame", "end_frame", "ids_sha256"});
    std::map<std::tuple<std::string, std::uint64_t, std::string>,
             std::set<std::tuple<std::string, schemas::FrameIndex, schemas::FrameIndex>>>
        known;
    for (const SimulationRow& row : rows)
        for (const GivenLabel& part : row.parts)
            if (known[{row.strategy, row.seed, row.test_performers}]
                    .insert({part.clip, part.span.begin, part.span.end})
                    .second)
                text += storage::csv_row({row.strategy, std::to_string(row.seed), row.test_performers,
                                          json(row.labelled).dump(), part.clip, std::to_string(part.span.begin),
                                          std::to_string(part.span.end), row.parts_sha256});
    storage::write_file_atomically(file, text);
}

ExitCode run(const Options& options, Console& console) {
    const JobContext job = console.job();
    SessionOptions reading;
    reading.access = storage::Access::read_only;
    ProjectSession session(options.project, std::move(reading));
    SimulateOptions wanted = options.simulate;
    wanted.semi_supervised = !options.supervised;
    for (const double percent : options.points) wanted.points.push_back(percent / 100);
    const auto result = simulate(session, wanted, job);
    if (!result) {
        console.note("Stopped.");
        return ExitCode::failed;
    }
    if (!options.csv.empty()) write_csv(options.csv, result->rows);
    if (!options.ids.empty()) write_ids(options.ids, result->rows);
    const auto points = point_summaries(result->rows);
    const auto curves = curve_summaries(result->rows);
    if (!options.picture.empty())
        storage::write_file_atomically(options.picture, curves_svg(points, options.project + ", " + wanted.family));
    json rows = json::array(), means = json::array(), figures = json::array();
    for (const SimulationRow& row : result->rows) rows.push_back(json_of(row));
    for (const PointSummary& point : points) {
        json entry = json_of(point.values);
        entry["strategy"] = point.strategy;
        entry["seeds"] = point.values.at("labelled").seeds;
        means.push_back(std::move(entry));
    }
    for (const CurveSummary& curve : curves) {
        json entry = json_of(curve.figures);
        entry["strategy"] = curve.strategy;
        entry["reading"] = curve.reading;
        figures.push_back(std::move(entry));
    }
    json document{{"unit", std::string(schemas::to_text(result->unit))},
                  {"rows", rows},
                  {"means", means},
                  {"curves", figures},
                  {"notes", result->notes}};
    if (!options.ids.empty()) document["ids_file_sha256"] = storage::sha256_of_file(options.ids);
    console.result(document, text_of(points, result->unit) + text_of(curves));
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
    verb->add_option("--points", options->points,
                     "percentages to judge at instead of the budget alone, such as 5,10,15,20,30,50,100")
        ->delimiter(',');
    verb->add_option("--csv", options->csv, "write the rows to this file too");
    verb->add_option("--ids", options->ids, "write to this CSV file what was labelled at which point");
    verb->add_option("--svg", options->picture, "draw the learning curves into this file");
}

}  // namespace annotator
