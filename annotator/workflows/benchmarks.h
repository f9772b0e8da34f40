#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "annotator/jobs/job_context.h"

namespace annotator {

// One measurement. ratio = value / baseline, both in `unit`; a limit stands in for a
// baseline where what counts is a bound.
struct BenchRow {
    std::string name;
    double value = 0;
    std::string unit;
    std::optional<double> baseline;
    std::string against;  // what the baseline is
};

// Import of a folder of recordings, depth and all, against reading and parsing the same
// files on as many cores without storing anything. Throws when there are no recordings.
std::vector<BenchRow> bench_import(const std::filesystem::path& recordings, const std::string& name_pattern,
                                   const JobContext& job);

// Opening a project of 5,000 clips and 100,000 segments, committing an edit to it, and the
// start of `status` and `apply` on a small one, against the bounds that they are meant to keep.
std::vector<BenchRow> bench_project(const std::filesystem::path& program);

// So many clips with so many segments each, on one track, without recordings.
void make_large_project(const std::filesystem::path& folder, int clips, int segments_per_clip);

}  // namespace annotator
