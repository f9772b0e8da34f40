#pragma once

#include <filesystem>

namespace annotator {

inline constexpr int bench_group = 250;  // frames

struct BenchVideo {
    int width = 1920;
    int height = 1080;
    int rate = 60;  // frames a second
    int frames = bench_group;
    // lively: about as many bits as a camera makes of a dancer; quiet: few, for long videos.
    enum class Motion { lively, quiet } motion = Motion::lively;
};

// H.264 in MP4, in closed groups with B-frames. Throws what VideoWriter throws.
void write_bench_video(const std::filesystem::path& file, const BenchVideo& video);

}  // namespace annotator
