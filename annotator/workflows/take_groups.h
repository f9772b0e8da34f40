#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "annotator/document/document.h"
#include "annotator/workflows/ingest.h"
#include "annotator/workflows/name_pattern.h"
#include "annotator/workflows/recording_scan.h"

namespace annotator {

struct NamedRecording {
    ScannedRecording recording;
    NameFacts facts;
};
using TakeGroups = std::map<std::string, std::vector<NamedRecording>>;  // by key

// The project's own view of what was imported before.
struct KnownRecordings {
    explicit KnownRecordings(const Document& document);

    using Content = std::pair<std::string, std::int64_t>;  // of a file the hash, and which of its streams
    std::map<Content, std::string> path_of;
    std::map<std::string, schemas::TakeId> takes;
    std::map<std::string, schemas::PerformerId> performers;
};

// The recordings by take. Those that cannot be named, have no frames or are there already are listed in the result.
TakeGroups take_groups(std::vector<ScannedRecording> recordings, const IngestOptions& options,
                       const KnownRecordings& known, IngestResult& result);

}  // namespace annotator
