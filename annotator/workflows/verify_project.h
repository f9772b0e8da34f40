#pragma once

#include <vector>

#include "annotator/jobs/job_context.h"
#include "annotator/session/project_session.h"
#include "storage/export/verify_export.h"

namespace annotator {

// Checks the invariants of a project: the database is sound, the document is what a replay of
// the journal gives, labels lie in their clips and do not overlap, recordings are there
// and are the ones that were imported, splits keep their groups together. An empty list
// means that all of this holds. nullopt when stopped.
std::optional<std::vector<storage::Finding>> verify_project(ProjectSession& session, const JobContext& job);

}  // namespace annotator
