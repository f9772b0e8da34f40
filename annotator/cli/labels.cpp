#include <memory>

#include "annotator/cli/verbs.h"
#include "annotator/workflows/import_labels.h"
#include "storage/formats/label_formats.h"

namespace annotator {

namespace {

using nlohmann::json;

struct Options {
    std::string project;
    std::vector<std::string> files;
    std::string format = "auto", layer, track, author;
    std::vector<std::string> class_names;
    schemas::FrameIndex frames_per_row = 0;
    bool truth = false;
};

std::map<std::int64_t, std::string> class_names_from(const std::vector<std::string>& entries) {
    std::map<std::int64_t, std::string> names;
    for (const std::string& entry : entries) {
        const auto equals = entry.find('=');
        if (equals == std::string::npos || equals == 0 || equals > 18 ||
            entry.find_first_not_of("0123456789") != equals)
            throw CLI::ValidationError("--class-names", "'" + entry + "' is no NUMBER=NAME");
        names[std::stoll(entry.substr(0, equals))] = entry.substr(equals + 1);
    }
    return names;
}

ExitCode read(const Options& options, Console& console) {
    LabelImport wanted;
    wanted.files.assign(options.files.begin(), options.files.end());
    wanted.format = options.format;
    wanted.layer = options.layer;
    wanted.track = options.track;
    wanted.class_names = class_names_from(options.class_names);
    if (options.frames_per_row > 0) wanted.frames_per_row = options.frames_per_row;
    if (options.truth) wanted.layer_kind = schemas::LayerKind::truth;
    SessionOptions who;
    who.author = {options.author, schemas::AuthorKind::import};
    ProjectSession session(options.project, std::move(who));
    const LabelImportResult result = import_labels(session, wanted);

    json problems = json::array();
    std::string text = std::to_string(result.segments) + " labels and " + std::to_string(result.key_poses) +
                       " key poses of " + std::to_string(result.clips) + " clips in layer '" + result.layer + "'";
    if (result.already_there > 0) text += "; " + std::to_string(result.already_there) + " were there already";
    for (const auto& problem : result.problems) {
        json entry{{"what", problem.what}, {"frames", nullptr}};
        if (problem.frames) entry["frames"] = {problem.frames->begin, problem.frames->end};
        problems.push_back(std::move(entry));
        text += "\n  " + problem.what;
    }
    for (const std::string& reason : result.left_out) text += "\n  " + reason;
    console.result({{"layer", result.layer},
                    {"clips", result.clips},
                    {"segments", result.segments},
                    {"key_poses", result.key_poses},
                    {"already_there", result.already_there},
                    {"problems", problems},
                    {"left_out", result.left_out}},
                   text);
    if (result.left_out.empty()) return ExitCode::done;
    return result.segments + result.key_poses + result.already_there > 0 ? ExitCode::in_part : ExitCode::failed;
}

}  // namespace

void add_labels(CommandLine& line) {
    const auto options = std::make_shared<Options>();
    CLI::App* verb = line.add("labels", "Read labels made elsewhere into a layer",
                              [options](Console& console) { return read(*options, console); });
    std::string formats = "auto";
    for (const auto& format : storage::label_formats()) formats += ", " + std::string(format.name);
    verb->add_option("project", options->project, "the project's folder")->required();
    verb->add_option("files", options->files, "label files or folders")->required();
    verb->add_option("--format", options->format, formats)->capture_default_str();
    verb->add_option("--layer", options->layer, "the layer to put them in; the first file's name unless given");
    verb->add_option("--track", options->track, "the track, where the file names none");
    verb->add_option("--frames-per-row", options->frames_per_row, "frame-labels: how many frames a class id speaks for")
        ->check(CLI::PositiveNumber);
    verb->add_option("--class-names", options->class_names, "frame-labels: 1=jog,2=squat …")->delimiter(',');
    verb->add_flag("--truth", options->truth, "keep them as hidden truth, for simulations and evaluation");
    verb->add_option("--author", options->author, "who imports; the user of this machine unless given");
}

}  // namespace annotator
