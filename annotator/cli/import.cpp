#include <memory>
#include <sstream>

#include "annotator/cli/frame_rate_argument.h"
#include "annotator/cli/verbs.h"
#include "annotator/workflows/ingest.h"
#include "annotator/workflows/name_pattern.h"

namespace annotator {

namespace {

using nlohmann::json;

struct Options {
    std::string project;
    std::vector<std::string> paths;
    std::string format, performer, take, name_pattern, fps, author;
    std::vector<std::string> same_take;
    std::string category_layer = "names";
    bool hide_categories = false, thorough = false;
};

std::pair<std::string, std::string> same_take_from(const std::string& rule) {
    const auto equals = rule.find('=');
    if (equals == std::string::npos || equals == 0 || equals + 1 == rule.size())
        throw CLI::ValidationError("--same-take", "'" + rule + "' is no rule; expected A=B, two performers' names");
    return {rule.substr(0, equals), rule.substr(equals + 1)};
}

json json_of(const IngestResult& result) {
    json left_out = json::array(), problems = json::array();
    for (const LeftOut& entry : result.left_out)
        left_out.push_back({{"path", entry.path},
                            {"reason", entry.reason},
                            {"severity", entry.severity == LeftOut::Severity::error ? "error" : "passed over"}});
    for (const auto& [path, problem] : result.problems) {
        json entry{{"path", path}, {"what", problem.what}, {"frames", nullptr}};
        if (problem.frames) entry["frames"] = {problem.frames->begin, problem.frames->end};
        problems.push_back(std::move(entry));
    }
    return {{"takes_added", result.takes_added},
            {"streams_added", result.streams_added},
            {"takes_with_depth_aligned", result.takes_with_depth_aligned},
            {"left_out", left_out},
            {"problems", problems}};
}

std::string text_of(const IngestResult& result) {
    std::ostringstream text;
    text << result.takes_added << " takes added";
    for (const auto& [kind, count] : result.streams_added)
        if (count > 0) text << ", " << count << " " << kind << " streams";
    if (result.takes_with_depth_aligned > 0)
        text << "; depth aligned frame for frame in " << result.takes_with_depth_aligned << " takes";
    text << "\n";
    if (!result.problems.empty()) text << result.problems.size() << " problems in what came in:\n";
    for (const auto& [path, problem] : result.problems) {
        text << "  " << path << ": " << problem.what;
        if (problem.frames) text << " (frames " << problem.frames->begin << " to " << problem.frames->end - 1 << ")";
        text << "\n";
    }
    if (!result.left_out.empty()) text << result.left_out.size() << " left out:\n";
    for (const LeftOut& entry : result.left_out) text << "  " << entry.path << ": " << entry.reason << "\n";
    return text.str();
}

std::string preset_names() {
    std::string names;
    for (const auto& [name, expression] : NamePattern::presets()) names += (names.empty() ? "" : ", ") + name;
    return names;
}

ExitCode import(const Options& options, Console& console) {
    IngestOptions wanted;
    wanted.paths.assign(options.paths.begin(), options.paths.end());
    wanted.format = options.format;
    wanted.performer = options.performer;
    wanted.take = options.take;
    wanted.name_pattern = options.name_pattern;
    if (!options.same_take.empty() && options.name_pattern.empty())
        throw CLI::ValidationError("--same-take", "needs a --name-pattern that says who performs");
    for (const std::string& rule : options.same_take) wanted.same_take.push_back(same_take_from(rule));
    if (!options.fps.empty()) wanted.rate = rate_from(options.fps);
    wanted.category_layer = options.category_layer;
    if (options.thorough) wanted.thoroughness = storage::ScanOptions::Thoroughness::decode_everything;
    if (options.hide_categories) wanted.category_layer_kind = schemas::LayerKind::truth;

    const JobContext job = console.job();
    SessionOptions who;
    who.author = {options.author, schemas::AuthorKind::import};
    ProjectSession session(options.project, std::move(who));
    const auto result = ingest(session, wanted, job);
    if (!result) {
        console.note("Stopped; nothing was imported.");
        return ExitCode::failed;
    }
    console.result(json_of(*result), text_of(*result));
    std::size_t streams = 0;
    for (const auto& [kind, count] : result->streams_added) streams += count;
    if (result->in_part()) return streams > 0 ? ExitCode::in_part : ExitCode::failed;
    if (streams > 0 || result->already_there > 0) return ExitCode::done;
    console.note("There was no recording to import.");
    return ExitCode::failed;
}

}  // namespace

void add_import(CommandLine& line) {
    const auto options = std::make_shared<Options>();
    CLI::App* verb =
        line.add("import", "Find and read recordings; every file that is left out is listed with the reason",
                 [options](Console& console) { return import(*options, console); });
    verb->add_option("project", options->project, "the project's folder")->required();
    verb->add_option("paths", options->paths, "files or folders of recordings")->required();
    verb->add_option("--format", options->format, "read only files of this format");
    verb->add_option("--performer", options->performer, "who is seen, where names do not say it");
    verb->add_option("--take", options->take, "make everything given one take of this name");
    verb->add_option(
        "--name-pattern", options->name_pattern,
        "how names are read: " + preset_names() + ", or a regular expression with groups such as (?<performer>…)");
    verb->add_option("--same-take", options->same_take,
                     "A=B: performer B danced with A, and files of the same take are one");
    verb->add_option("--fps", options->fps, "frame rate of recordings that do not say theirs");
    verb->add_option("--category-layer", options->category_layer, "the layer for categories found in names")
        ->capture_default_str();
    verb->add_flag("--hide-categories", options->hide_categories,
                   "keep those categories as hidden truth, for simulations");
    verb->add_flag("--thorough", options->thorough, "decode every frame of videos, also where the packets suffice");
    verb->add_option("--author", options->author, "who imports; the user of this machine unless given");
}

}  // namespace annotator
