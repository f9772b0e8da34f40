#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "annotator/jobs/job_context.h"
#include "annotator/session/project_session.h"

namespace annotator {

struct RelinkResult {
    std::vector<std::pair<std::string, std::string>> found;  // where it was and where it is, as stored
    std::vector<std::string> missing;                        // that the folder does not hold either
};

// Looks below the folder for recordings that are not where the project expects them. They are known by their content,
// so that their names may have changed. What is found is one edit. nullopt when stopped; then nothing was changed.
// Throws storage::ReadError for a folder that cannot be read.
std::optional<RelinkResult> relink(ProjectSession& session, const std::filesystem::path& folder, const JobContext& job);

}  // namespace annotator
