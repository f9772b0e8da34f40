#include "annotator/cli/findings_text.h"

#include <algorithm>

namespace annotator {

bool has_errors(const std::vector<storage::Finding>& findings) {
    return std::ranges::any_of(
        findings, [](const storage::Finding& finding) { return finding.severity == storage::Severity::error; });
}

ExitCode report_findings(const Console& console, const std::vector<storage::Finding>& findings,
                         const std::string& last) {
    nlohmann::json list = nlohmann::json::array();
    std::string text;
    for (const storage::Finding& finding : findings) {
        const std::string severity(schemas::to_text(finding.severity));
        list.push_back({{"severity", severity}, {"what", finding.what}, {"where", finding.where}});
        text += severity + ": " + finding.where + ": " + finding.what + "\n";
    }
    const bool ok = !has_errors(findings);
    console.result({{"ok", ok}, {"findings", list}}, text + last);
    return ok ? ExitCode::done : ExitCode::failed;
}

}  // namespace annotator
