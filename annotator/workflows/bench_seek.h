#pragma once

#include <cstdint>
#include <filesystem>
#include <vector>

#include "annotator/jobs/job_context.h"
#include "annotator/workflows/benchmarks.h"

namespace annotator {

// How quickly exact frames come, on a minute of 1080p60 H.264 with groups of 250 frames and B-frames that it
// makes itself: cold seeks against OpenCV and PyAV, decoding in order against ffmpeg, steps and previews
// against what a hand on a jog wheel asks for, the index scan against decoding, and memory on a two-hour video.
// Baselines run in the same call; where one is not installed the row has none. `scripts` is tests/benchmarks.
std::vector<BenchRow> bench_seek(const std::filesystem::path& program, const std::filesystem::path& scripts,
                                 const JobContext& job);

// What the memory row measures, in a process of its own: scans the video, and asks for frames all over
// it until the cache is full several times over.
struct SeekMemory {
    std::int64_t peak_bytes = 0;
    std::int64_t budget_bytes = 0;
    std::int64_t frames = 0;
};
SeekMemory seek_memory(const std::filesystem::path& video);

}  // namespace annotator
