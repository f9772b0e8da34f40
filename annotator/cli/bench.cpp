#include <cstdio>
#include <cstdlib>
#include <memory>
#include <set>

#include "annotator/cli/text_table.h"
#include "annotator/cli/verbs.h"
#include "annotator/workflows/bench_editor.h"
#include "annotator/workflows/bench_playback.h"
#include "annotator/workflows/bench_seek.h"
#include "annotator/workflows/bench_timeline.h"
#include "annotator/workflows/bench_tools.h"
#include "annotator/workflows/benchmarks.h"

namespace annotator {

namespace {

using nlohmann::json;
using std::filesystem::path;

struct Options {
    std::vector<std::string> names;
    std::string recordings, seek_memory;
};

path program() { return std::filesystem::read_symlink("/proc/self/exe"); }

// The models' own benchmarks build without the rest of the program, and lie beside it.
json rows_of(const char* benchmark, const std::vector<std::string>& names) {
    const path bench = program().parent_path() / benchmark;
    if (!exists(bench))
        throw std::runtime_error(bench.string() + ": is not there; the models' benchmark is built with the tests");
    std::string command = quoted(bench.string());
    for (const std::string& name : names) command += " " + name;
    const auto text = output_of(command);
    if (!text) throw std::runtime_error(bench.string() + ": did not do its work");
    return json::parse(*text).at("rows");
}

// Beside the sources, which a build lies in.
path scripts() {
    for (path folder = program().parent_path(); folder.has_relative_path(); folder = folder.parent_path())
        if (exists(folder / "tests/benchmarks")) return folder / "tests/benchmarks";
    return {};
}

json json_of(const BenchRow& row) {
    json entry{{"name", row.name},    {"value", row.value}, {"unit", row.unit},
               {"baseline", nullptr}, {"ratio", nullptr},   {"against", row.against}};
    if (row.baseline) entry["baseline"] = *row.baseline, entry["ratio"] = row.value / *row.baseline;
    return entry;
}

std::string number_text(const json& value) {
    if (value.is_null()) return "–";
    char text[32];
    std::snprintf(text, sizeof text, "%.3g", value.get<double>());
    return text;
}

// The child of the memory row.
ExitCode run_seek_memory(const path& video, Console& console) {
    const SeekMemory memory = seek_memory(video);
    console.result(
        {{"peak_bytes", memory.peak_bytes}, {"budget_bytes", memory.budget_bytes}, {"frames", memory.frames}},
        std::to_string(memory.peak_bytes) + " bytes at most");
    return ExitCode::done;
}

ExitCode run(const Options& options, Console& console) {
    if (!options.seek_memory.empty()) return run_seek_memory(options.seek_memory, console);
    const JobContext job = console.job();
    const std::set<std::string> wanted(options.names.begin(), options.names.end());
    const auto asked = [&](const std::string& name) { return wanted.empty() || wanted.contains(name); };
    const char* data = std::getenv("KINETOGRAPH_DATA");
    const path recordings = !options.recordings.empty()
                                ? path(options.recordings)
                                : path(data != nullptr ? data : "../shared/data") / "msr_action3d";

    json rows = json::array();
    if (asked("import")) {
        if (exists(recordings))
            for (const BenchRow& row : bench_import(recordings, "msr", job)) rows.push_back(json_of(row));
        else
            console.note(recordings.string() + ": is not there, so import was not measured");
    }
    if (asked("project"))
        for (const BenchRow& row : bench_project(program())) rows.push_back(json_of(row));
    if (asked("seek"))
        for (const BenchRow& row : bench_seek(program(), scripts(), job)) rows.push_back(json_of(row));
    if (asked("seek") || asked("play"))
        for (const BenchRow& row : bench_playback(program(), job)) rows.push_back(json_of(row));
    if (asked("timeline")) {
        for (const BenchRow& row : bench_timeline(job)) rows.push_back(json_of(row));
        for (const BenchRow& row : bench_editor(program(), job)) rows.push_back(json_of(row));
    }
    std::vector<std::string> of_models;
    for (const char* name : {"train", "infer", "select", "segment"})
        if (asked(name)) of_models.emplace_back(name);
    if (!of_models.empty())
        for (json& row : rows_of("inference_bench", of_models)) rows.push_back(std::move(row));
    if (asked("train") || asked("infer"))
        for (json& row : rows_of("network_bench", of_models)) rows.push_back(std::move(row));
    if (asked("metrics"))
        for (json& row : rows_of("metrics_bench", {})) rows.push_back(std::move(row));

    TextTable table({"", "value", "baseline", "ratio", "against"});
    for (const json& row : rows)
        table.add({row.at("name").get<std::string>(),
                   number_text(row.at("value")) + " " + row.at("unit").get<std::string>(),
                   number_text(row.at("baseline")), number_text(row.at("ratio")), row.value("against", "")});
    console.result({{"rows", rows}}, table.text());
    return ExitCode::done;
}

}  // namespace

void add_bench(CommandLine& line) {
    const auto options = std::make_shared<Options>();
    CLI::App* verb = line.add("bench", "The benchmarks, as ratios to a named baseline",
                              [options](Console& console) { return run(*options, console); });
    verb->add_option("names", options->names,
                     "import project seek play timeline train infer select segment metrics; all unless given")
        ->check(CLI::IsMember(
            {"import", "project", "seek", "play", "timeline", "train", "infer", "select", "segment", "metrics"}));
    verb->add_option("--recordings", options->recordings,
                     "MSR-Action3D recordings to import; ../shared/data/msr_action3d unless given");
    verb->add_option("--seek-memory", options->seek_memory)->group("");  // what `bench seek` calls itself with
}

}  // namespace annotator
