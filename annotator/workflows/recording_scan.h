#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "annotator/jobs/job_context.h"
#include "annotator/workflows/ingest.h"
#include "schemas/media.h"
#include "schemas/recording.h"
#include "schemas/skeleton.h"

namespace annotator {

// A recording that was found and read to its end.
struct ScannedRecording {
    std::filesystem::path path;
    schemas::StreamKind kind = schemas::StreamKind::skeleton;
    std::string format;
    std::string sha256;
    schemas::FrameIndex frames = 0;
    std::optional<schemas::FrameRate> rate;
    std::optional<schemas::FrameTable> table;  // where frames have times of their own
    std::optional<std::string> layout;
    schemas::CoordinateSpace space = schemas::CoordinateSpace::metres;
    std::int64_t container_stream = 0;
    std::optional<schemas::Media> media;  // without the stream's id
    std::vector<storage::ReadProblem> problems;
};

struct RecordingScan {
    std::vector<ScannedRecording> recordings;  // by path
    std::vector<LeftOut> left_out;
};

// Walks the paths and reads every recording completely, on all cores: a frame counts when it
// was decoded. Parsed skeletons and indexes of videos are left in the cache. Progress is in
// bytes. nullopt when stopped, also within a file. Throws std::invalid_argument for a format that
// is not known.
std::optional<RecordingScan> scan_recordings(const std::vector<std::filesystem::path>& paths, const std::string& format,
                                             const std::filesystem::path& project,
                                             storage::ScanOptions::Thoroughness thoroughness, const JobContext& job);

// Finds, reads and parses the same recordings and keeps nothing: no hash, no cache. What an
// import is measured against. Returns how many there were; nullopt when stopped.
std::optional<std::size_t> parse_recordings(const std::vector<std::filesystem::path>& paths, const JobContext& job);

}  // namespace annotator
