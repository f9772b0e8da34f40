#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "annotator/jobs/job_context.h"
#include "annotator/session/project_session.h"
#include "storage/media/video_index.h"

namespace annotator {

struct IngestOptions {
    std::vector<std::filesystem::path> paths;  // files or folders, walked into
    std::string format;                        // limits to one reader; empty: every one
    std::string performer;                     // of everything, where no pattern says it
    std::string take;                          // one take for everything that is given
    std::string name_pattern;                  // NamePattern; empty: names are keys
    // What single files are, whatever their names say.
    struct Belonging {
        std::string take;
        std::optional<std::string> performer;
    };
    std::map<std::filesystem::path, Belonging> belonging;
    std::string title;  // of the edit; empty: "Import 12 takes"
    // "60=61": the performer 61 danced with 60, and the files with the same take are one take.
    std::vector<std::pair<std::string, std::string>> same_take;
    std::optional<schemas::FrameRate> rate;  // of recordings that do not say theirs
    std::string category_layer = "names";    // where categories found in names go
    schemas::LayerKind category_layer_kind = schemas::LayerKind::import;
    storage::ScanOptions::Thoroughness thoroughness = storage::ScanOptions::Thoroughness::automatic;  // of videos
};

struct LeftOut {
    // error: a recording that could not be read. passed_over: nothing that belongs in a
    // project (a text beside the recordings, what is there already).
    enum class Severity { error, passed_over };

    std::string path;
    std::string reason;
    Severity severity = Severity::error;
};

struct IngestResult {
    std::size_t takes_added = 0;
    std::map<std::string, std::size_t> streams_added;  // by kind; all four kinds are there
    std::size_t already_there = 0;                     // recordings that an earlier import brought
    std::size_t takes_with_depth_aligned = 0;          // frame for frame with their skeleton
    std::vector<LeftOut> left_out;                     // by path
    std::vector<storage::StoredProblem> problems;      // by path

    [[nodiscard]] bool in_part() const;
};

// Finds and reads recordings, groups the streams of one take and adds them as one edit. What
// cannot be read is listed and the rest comes in. nullopt when stopped; then nothing was added.
std::optional<IngestResult> ingest(ProjectSession& session, const IngestOptions& options, const JobContext& job);

}  // namespace annotator
