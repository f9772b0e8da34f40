#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "annotator/jobs/job_context.h"
#include "storage/export/verify_export.h"

namespace annotator {

struct DemoOptions {
    std::filesystem::path folder;      // made, or an earlier demo's
    std::filesystem::path recordings;  // MSR-Action3D; empty: a synthetic set
    std::uint64_t seed = 1;
    int steps = 1800, round_steps = 400;
    std::function<void(const std::string&)> say = [](const std::string&) {};  // what happens, for people
};

// One round of the loop. Shares of 1; `rest` and `unseen` are clips, or frames of streams.
struct DemoRound {
    double labelled = 0;
    std::optional<double> rest, unseen;
    double actions = 0;  // to finish the pool with the model's help, against labelling it from scratch
    double time = 0;     // likewise
};

struct DemoPart {
    std::string title;
    std::string unseen_performer;
    std::vector<DemoRound> rounds;
    std::optional<double> boundary_f1;  // within 5 frames, of streams
    std::filesystem::path project, dataset;
    std::vector<storage::Finding> findings;  // of the project and the export
    double seconds = 0;
};

struct DemoResult {
    std::string recordings;  // what was used
    std::vector<DemoPart> parts;
    double seconds = 0;
    [[nodiscard]] bool ok() const;
};

// The whole loop, once on clips and once on streams joined from them: import, hide what is
// known, label what the queue asks for up to 20 %, retrain each round, pre-label the rest,
// correct it, split, export, verify. nullopt when stopped. Throws std::runtime_error when
// the folder is not empty and no earlier demo.
std::optional<DemoResult> run_demo(const DemoOptions& options, const JobContext& job);

}  // namespace annotator
