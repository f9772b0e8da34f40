#pragma once

#include <filesystem>
#include <optional>
#include <vector>

#include "annotator/jobs/job_context.h"
#include "annotator/session/project_session.h"
#include "storage/export/verify_export.h"

namespace annotator {

enum class Thoroughness { usual, decode_everything };

// Checks the invariants of a project: the database is sound, the document is what a replay of
// the journal gives, labels lie in their clips and do not overlap, recordings are there
// and are the ones that were imported, frame tables are as long as their streams, splits keep
// their groups together. An empty list means that all of this holds. nullopt when stopped.
//
// Thoroughly, every video is decoded again and compared with its frame table, row by row.
std::optional<std::vector<storage::Finding>> verify_project(ProjectSession& session, const JobContext& job,
                                                            Thoroughness thoroughness = Thoroughness::usual);

// Reads the recordings of an export again, where `media`, a project or a folder, has them (storage::verify_media).
std::optional<std::vector<storage::Finding>> verify_export_media(const std::filesystem::path& folder,
                                                                 const std::filesystem::path& media,
                                                                 Thoroughness thoroughness, const JobContext& job);

}  // namespace annotator
