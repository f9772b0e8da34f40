#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "annotator/document/document.h"
#include "annotator/jobs/job_context.h"
#include "storage/media/scrub_proxy.h"
#include "storage/project/project_store.h"

// Small copies of a project's videos to scrub in, under cache/proxy. They may be deleted at any time.
namespace annotator {

std::filesystem::path proxy_folder(const storage::ProjectStore& store);

// The index of a stream's video, from the cache, else by a scan that is then cached. nullopt when
// stopped. Throws ReadError, also when the file is no longer the one that was imported.
std::optional<storage::VideoIndex> video_index_of(const storage::ProjectStore& store, const schemas::Stream& stream,
                                                  const JobContext& job);

struct ProxySummary {
    int made = 0;
    int there_already = 0;
    std::vector<storage::StoredProblem> left_out;  // streams whose video could not be read, and why
};

// One for each video stream that has none. nullopt when stopped; what was made until then stays.
std::optional<ProxySummary> make_proxies(const storage::ProjectStore& store, const Document& document,
                                         const storage::ProxyOptions& options, const JobContext& job);

// How many there were. Throws std::filesystem::filesystem_error.
int delete_proxies(const storage::ProjectStore& store);

}  // namespace annotator
