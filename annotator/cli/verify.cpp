#include <memory>

#include "annotator/cli/findings_text.h"
#include "annotator/cli/verbs.h"
#include "annotator/workflows/verify_project.h"

namespace annotator {

namespace {

ExitCode verify(const std::string& folder, Console& console) {
    const JobContext job = console.job();
    std::optional<std::vector<storage::Finding>> findings;
    if (std::filesystem::exists(std::filesystem::path(folder) / "project.sqlite")) {
        SessionOptions reading;
        reading.access = storage::Access::read_only;
        ProjectSession session(folder, std::move(reading));
        findings = verify_project(session, job);
    } else {
        if (!std::filesystem::exists(std::filesystem::path(folder) / "export.json"))
            throw std::runtime_error(
                folder + ": is neither a project (it has no project.sqlite) nor an export (it has no export.json)");
        findings = storage::verify_export(folder);
    }
    if (!findings) {
        console.note("Stopped.");
        return ExitCode::failed;
    }
    return report_findings(console, *findings, has_errors(*findings) ? "Not everything holds." : "Everything holds.");
}

}  // namespace

void add_verify(CommandLine& line) {
    const auto folder = std::make_shared<std::string>();
    CLI::App* verb = line.add("verify", "Check a project or an export: invariants, hashes, frame identity",
                              [folder](Console& console) { return verify(*folder, console); });
    verb->add_option("folder", *folder, "a project or an export")->required();
}

}  // namespace annotator
