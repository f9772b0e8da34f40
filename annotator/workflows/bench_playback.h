#pragma once

#include <filesystem>
#include <vector>

#include "annotator/jobs/job_context.h"
#include "annotator/workflows/benchmarks.h"

namespace annotator {

// Four streams of 720p30 played together for ten seconds, alone and while the program's `train` runs beside it with
// one thread less than there are cores, as in an editor; without LibTorch, beside as many threads that compute
// anything. Frames that were due and not shown.
std::vector<BenchRow> bench_playback(const std::filesystem::path& program, const JobContext& job);

}  // namespace annotator
