#include <memory>

#include "annotator/cli/findings_text.h"
#include "annotator/cli/verbs.h"
#include "annotator/workflows/verify_project.h"

namespace annotator {

namespace {

struct Options {
    std::string folder, media;
    bool thorough = false;
};

using Findings = std::optional<std::vector<storage::Finding>>;

Findings findings_in_export(const Options& options, Thoroughness thoroughness, const JobContext& job) {
    Findings findings = storage::verify_export(options.folder);
    if (options.media.empty()) return findings;
    const Findings more = verify_export_media(options.folder, options.media, thoroughness, job);
    if (!more) return std::nullopt;
    findings->insert(findings->end(), more->begin(), more->end());
    return findings;
}

Findings findings_in(const Options& options, const JobContext& job) {
    const auto thoroughness = options.thorough ? Thoroughness::decode_everything : Thoroughness::usual;
    const std::filesystem::path folder(options.folder);
    if (std::filesystem::exists(folder / "project.sqlite")) {
        SessionOptions reading;
        reading.access = storage::Access::read_only;
        ProjectSession session(folder, std::move(reading));
        return verify_project(session, job, thoroughness);
    }
    if (std::filesystem::exists(folder / "export.json")) return findings_in_export(options, thoroughness, job);
    throw std::runtime_error(options.folder +
                             ": is neither a project (it has no project.sqlite) nor an export (it has no export.json)");
}

ExitCode verify(const Options& options, Console& console) {
    const Findings findings = findings_in(options, console.job());
    if (!findings) {
        console.note("Stopped.");
        return ExitCode::failed;
    }
    return report_findings(console, *findings, has_errors(*findings) ? "Not everything holds." : "Everything holds.");
}

}  // namespace

void add_verify(CommandLine& line) {
    const auto options = std::make_shared<Options>();
    CLI::App* verb = line.add("verify", "Check a project or an export: invariants, hashes, frame identity",
                              [options](Console& console) { return verify(*options, console); });
    verb->add_option("folder", options->folder, "a project or an export")->required();
    verb->add_option("--media", options->media,
                     "of an export: the project or a folder with its recordings, which are read again");
    verb->add_flag("--thorough", options->thorough, "decode every video again and compare it frame by frame");
}

}  // namespace annotator
