#include <memory>

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
    nlohmann::json list = nlohmann::json::array();
    std::string text;
    bool ok = true;
    for (const storage::Finding& finding : *findings) {
        const std::string severity(schemas::to_text(finding.severity));
        ok = ok && finding.severity != storage::Severity::error;
        list.push_back({{"severity", severity}, {"what", finding.what}, {"where", finding.where}});
        text += severity + ": " + finding.where + ": " + finding.what + "\n";
    }
    console.result({{"ok", ok}, {"findings", list}}, text + (ok ? "Everything holds." : "Not everything holds."));
    return ok ? ExitCode::done : ExitCode::failed;
}

}  // namespace

void add_verify(CommandLine& line) {
    const auto folder = std::make_shared<std::string>();
    CLI::App* verb = line.add("verify", "Check a project or an export: invariants, hashes, frame identity",
                              [folder](Console& console) { return verify(*folder, console); });
    verb->add_option("folder", *folder, "a project or an export")->required();
}

}  // namespace annotator
