#pragma once

#include <optional>
#include <vector>

#include "annotator/jobs/job_context.h"
#include "annotator/session/project_session.h"
#include "storage/export/verify_export.h"

namespace annotator {

// Looks for what makes a dataset worse than it could be; what must hold in any project is verify_project's.
// For now of the recordings: below the standard, dark, blurred, repeated or missing frames, cuts, bars, frames that do
// not decode (media_findings.h), and recordings that show the same performance. Sorted by place. nullopt when
// stopped.
std::optional<std::vector<storage::Finding>> check_project(ProjectSession& session, const JobContext& job);

}  // namespace annotator
