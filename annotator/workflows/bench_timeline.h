#pragma once

#include <vector>

#include "annotator/jobs/job_context.h"
#include "annotator/workflows/benchmarks.h"

namespace annotator {

// The timeline of one clip of 432,000 frames (four hours at 30 frames a second) with 100,000 segments on 20 tracks,
// proposals and curves, without a window: laying out and building a frame at every zoom while the playhead and the view
// move, the frame after an edit, and edits, against the bounds that they are meant to keep.
std::vector<BenchRow> bench_timeline(const JobContext& job);

}  // namespace annotator
