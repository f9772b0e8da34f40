#include <memory>

#include "annotator/cli/findings_text.h"
#include "annotator/cli/verbs.h"
#include "annotator/workflows/check_project.h"

namespace annotator {

namespace {

ExitCode check(const std::string& folder, Console& console) {
    SessionOptions reading;
    reading.access = storage::Access::read_only;
    ProjectSession session(folder, std::move(reading));
    const auto findings = check_project(session, console.job());
    if (!findings) {
        console.note("Stopped. What was measured is kept; the next check goes on from there.");
        return ExitCode::failed;
    }
    return report_findings(console, *findings, findings->empty() ? "Nothing was found." : "");
}

}  // namespace

void add_check(CommandLine& line) {
    const auto folder = std::make_shared<std::string>();
    CLI::App* verb = line.add("check", "Check the quality of a project: recordings below the standard, duplicates",
                              [folder](Console& console) { return check(*folder, console); });
    verb->add_option("project", *folder, "the project's folder")->required();
}

}  // namespace annotator
