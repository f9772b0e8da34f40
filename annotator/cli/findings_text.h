#pragma once

#include <string>
#include <vector>

#include "annotator/cli/command_line.h"
#include "storage/export/verify_export.h"

namespace annotator {

// Prints {"ok", "findings": [{"severity", "what", "where"}]}, or a line for each and `last`. There is no error
// among them: ok and done; else failed.
ExitCode report_findings(const Console& console, const std::vector<storage::Finding>& findings,
                         const std::string& last);
bool has_errors(const std::vector<storage::Finding>& findings);

}  // namespace annotator
