#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "annotator/jobs/job_context.h"
#include "annotator/session/project_session.h"
#include "storage/media/scrub_proxy.h"

// Small copies of a project's videos to scrub in, under cache/proxy. They may be deleted at any time.
namespace annotator {

std::filesystem::path proxy_folder(const std::filesystem::path& project);

struct ProxySummary {
    int made = 0;
    int there_already = 0;
    std::vector<storage::StoredProblem> left_out;  // streams whose video could not be read, and why
};

// One for each video stream that has none. nullopt when stopped; what was made until then stays.
std::optional<ProxySummary> make_proxies(ProjectSession& session, const storage::ProxyOptions& options,
                                         const JobContext& job);

// How many there were. Throws std::filesystem::filesystem_error.
int delete_proxies(const storage::ProjectStore& store);

}  // namespace annotator
