#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "annotator/jobs/job_context.h"
#include "schemas/split.h"
#include "storage/export/loss_report.h"
#include "storage/export/split_assignment.h"
#include "storage/export/verify_export.h"

// Long work as the person at work sees it: what runs, what has run, and what came of it.
namespace annotator {

enum class JobKind { import, train, prelabel, queue, check, split, export_dataset, plan_export };
enum class WorkState { waiting, running, paused, stopping, done, stopped, failed };
enum class WorkId : std::uint64_t {};

inline bool is_over(WorkState state) {
    return state == WorkState::done || state == WorkState::stopped || state == WorkState::failed;
}

// What training reports now and then. `phase` tells the run that is only measured from the one that is kept.
struct CurvePoint {
    std::string phase;
    double step = 0;
    std::map<std::string, double> figures;  // "total" "dice" "cross_entropy" "validation_accuracy" …
};

struct JobView {
    WorkId id{};
    JobKind kind = JobKind::train;
    std::string title;  // "Train on category"
    WorkState state = WorkState::waiting;
    Progress progress;
    std::vector<CurvePoint> curve;  // of a training
    std::string outcome;            // what came of it, or why it failed; empty until then
    double seconds = 0;             // that it has run; pauses count
};

struct CheckOutcome {
    std::vector<storage::Finding> findings;
};
struct SplitOutcome {
    std::string name;
    std::vector<storage::SubsetShare> shares;
    std::vector<storage::Leak> leaks;
    std::vector<std::string> warnings;
    std::int64_t groups = 0;
};
struct ExportOutcome {
    std::filesystem::path folder;
    bool written = false;  // else it was planned only
    std::size_t files = 0;
    std::uint64_t bytes = 0;
    std::vector<storage::Loss> losses;
};

// What the last work of each kind answered.
struct WorkOutcomes {
    std::optional<CheckOutcome> check;
    std::optional<SplitOutcome> split;
    std::optional<ExportOutcome> exported;
};

}  // namespace annotator
