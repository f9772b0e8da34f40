#pragma once

#include <filesystem>

namespace annotator {

inline constexpr int bench_rate = 60;    // frames a second
inline constexpr int bench_group = 250;  // frames

// lively: about as many bits as a camera makes of a dancer; quiet: few, for long videos.
enum class BenchMotion { lively, quiet };

// H.264 of 1920x1080 in MP4, in closed groups with B-frames. Throws what VideoWriter throws.
void write_bench_video(const std::filesystem::path& file, BenchMotion motion, int frames);

}  // namespace annotator
