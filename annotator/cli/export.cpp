#include <memory>

#include "annotator/cli/verbs.h"
#include "annotator/workflows/export_dataset.h"

namespace annotator {

namespace {

using nlohmann::json;

struct Options {
    std::string project, folder;
    ExportProjectOptions dataset;
    bool features = false, dry_run = false;
};

ExitCode write(const Options& options, Console& console) {
    SessionOptions reading;
    reading.access = storage::Access::read_only;
    ProjectSession session(options.project, std::move(reading));
    ExportProjectOptions wanted = options.dataset;
    if (options.features) wanted.features = ExportProjectOptions::Features::skeleton;
    const auto report =
        export_dataset(session, options.folder, wanted, options.dry_run ? ExportRun::plan : ExportRun::write);

    json files = json::object(), losses = json::array();
    std::uintmax_t bytes = 0;
    for (const auto& [path, file] : report.files) {
        files[path] = {{"bytes", file.bytes}, {"sha256", file.sha256}};
        bytes += file.bytes;
    }
    std::string text = std::string(options.dry_run ? "Would write " : "Wrote ") + std::to_string(report.files.size()) +
                       " files, " + std::to_string(bytes) + " bytes, " + (options.dry_run ? "to " : "in ") +
                       options.folder;
    for (const auto& loss : report.losses) {
        losses.push_back({{"format", loss.format}, {"what", loss.what}, {"where", loss.where}, {"count", loss.count}});
        text += "\n  " + loss.format + ": " + loss.what;
    }
    console.result({{"folder", options.folder}, {"written", !options.dry_run}, {"files", files}, {"losses", losses}},
                   text);
    return ExitCode::done;
}

}  // namespace

void add_export(CommandLine& line) {
    const auto options = std::make_shared<Options>();
    CLI::App* verb = line.add("export", "Write a dataset with frame tables, datasheet and checksums",
                              [options](Console& console) { return write(*options, console); });
    verb->add_option("project", options->project, "the project's folder")->required();
    verb->add_option("folder", options->folder, "where to write it; only an earlier export is replaced")->required();
    verb->add_option("--format", options->dataset.formats,
                     "mstcn, activitynet; both unless given. labels.json is always written")
        ->delimiter(',');
    verb->add_option("--split", options->dataset.split, "a split made before");
    verb->add_option("--layer", options->dataset.layer, "this layer's labels alone");
    verb->add_option("--track", options->dataset.track, "the track that MS-TCN holds")->capture_default_str();
    verb->add_option("--motivation", options->dataset.motivation, "for the datasheet: why the dataset was made");
    verb->add_option("--licence", options->dataset.licence, "for the datasheet");
    verb->add_flag("--features", options->features, "MS-TCN: write features of the skeletons as .npy");
    verb->add_flag("--dry-run", options->dry_run, "list files, sizes and what formats cannot hold; write nothing");
}

}  // namespace annotator
