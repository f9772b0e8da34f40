#pragma once

#include <filesystem>
#include <vector>

#include "annotator/jobs/job_context.h"
#include "annotator/workflows/benchmarks.h"

namespace annotator {

// The editor as a person meets it, against the bounds that it is meant to keep: the first picture of a project of 5,000
// clips and the share of a core that an idle window takes, both in a real window on a screen of its own (left out where
// Xvfb is not installed); the timeline's frames and edits while a model trains, and how soon training ends when it is
// cancelled.
std::vector<BenchRow> bench_editor(const std::filesystem::path& program, const JobContext& job);

}  // namespace annotator
