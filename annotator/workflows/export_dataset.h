#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "annotator/session/project_session.h"
#include "storage/export/dataset_writer.h"

namespace annotator {

struct ExportProjectOptions {
    std::vector<std::string> formats{"mstcn", "activitynet"};
    std::string layer;  // one layer alone; empty: consensus before persons' work before imports, never hidden truth
    std::string split;  // a stored split; empty: none
    std::string track = "category";  // that formats of one track write
    std::string motivation, licence;
    enum class Features { none, skeleton } features = Features::none;  // npy features for MS-TCN from the skeletons
};

// The project as exporters take it. Throws std::invalid_argument for unknown names.
storage::Dataset dataset_of(ProjectSession& session, const ExportProjectOptions& options);

enum class ExportRun { write, plan };

storage::ExportReport export_dataset(ProjectSession& session, const std::filesystem::path& folder,
                                     const ExportProjectOptions& options, ExportRun run);

}  // namespace annotator
