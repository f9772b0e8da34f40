#include "annotator/workflows/bench_seek.h"

#include <nlohmann/json.hpp>
#include <sys/resource.h>

#include <algorithm>
#include <memory>
#include <random>
#include <string>

#include "annotator/workflows/bench_tools.h"
#include "annotator/workflows/bench_video.h"
#include "storage/media/frame_cache.h"
#include "storage/media/repeat_video.h"
#include "storage/media/scrub_proxy.h"

namespace annotator {

namespace {

using schemas::FrameIndex;
using std::filesystem::path;
using storage::VideoIndex;
using storage::VideoReader;

constexpr int cold_seeks = 25;
constexpr FrameIndex sequential_frames = 1200;
constexpr std::int64_t mebibyte = std::int64_t{1} << 20;

std::shared_ptr<const VideoIndex> index_of(const path& video, storage::ScanOptions::Thoroughness thoroughness) {
    storage::ScanOptions options;
    options.thoroughness = thoroughness;
    return std::make_shared<VideoIndex>(storage::scan_video(video, options, [](double) {}, {}).value());
}

std::vector<FrameIndex> random_frames(const VideoIndex& index, int count) {
    std::mt19937_64 random(5);
    std::vector<FrameIndex> frames;
    for (int i = 0; i < count; ++i)
        frames.push_back(static_cast<FrameIndex>(random() % static_cast<std::uint64_t>(index.size())));
    return frames;
}

double milliseconds_of(const std::function<void()>& work) { return 1000 * seconds_of(work); }

// Debian's Python has the packages; another one on the path often has not.
std::string python() { return std::filesystem::exists("/usr/bin/python3") ? "/usr/bin/python3" : "python3"; }

// The median of what a baseline script prints; nullopt where it cannot run.
std::optional<double> baseline_median(const path& script, const path& video, const std::vector<std::int64_t>& where) {
    std::string command = "timeout 300 " + python() + " " + quoted(script.string()) + " " + quoted(video.string());
    for (const std::int64_t place : where) command += " " + std::to_string(place);
    const auto text = output_of(command);
    if (!text) return std::nullopt;
    return median_of(nlohmann::json::parse(*text).at("milliseconds").get<std::vector<double>>());
}

std::vector<BenchRow> cold_seek_rows(const path& video, const std::shared_ptr<const VideoIndex>& index,
                                     const path& scripts) {
    const std::vector<FrameIndex> frames = random_frames(*index, cold_seeks);
    std::vector<std::int64_t> pts;
    for (const FrameIndex frame : frames) pts.push_back(index->frames[static_cast<std::size_t>(frame)].pts);
    std::vector<double> ours;
    for (const FrameIndex frame : frames) {
        VideoReader reader(video, index);
        ours.push_back(milliseconds_of([&] { (void)reader.frame(frame)->picture(); }));
    }
    const std::string name = "cold exact seek in 1080p60, median";
    return {{name, median_of(ours), "ms", baseline_median(scripts / "opencv_seek.py", video, frames), "OpenCV"},
            {name, median_of(ours), "ms", baseline_median(scripts / "pyav_seek.py", video, pts), "PyAV"}};
}

BenchRow sequential_row(const path& video, const std::shared_ptr<const VideoIndex>& index) {
    const FrameIndex frames = std::min(sequential_frames, index->size());
    VideoReader reader(video, index);
    const double ours = milliseconds_of([&] {
        for (FrameIndex frame = 0; frame < frames; ++frame) (void)reader.frame(frame);
    });
    BenchRow row{"decoding 1080p60 in order", ours / static_cast<double>(frames), "ms a frame", {}, "ffmpeg -f null"};
    bool there = false;
    const double theirs = milliseconds_of([&] {
        there = output_of("ffmpeg -v error -nostdin -i " + quoted(video.string()) + " -an -frames:v " +
                          std::to_string(frames) + " -f null -")
                    .has_value();
    });
    if (there) row.baseline = theirs / static_cast<double>(frames);
    return row;
}

// From the end of a group, where a seek would take longest.
BenchRow step_back_row(const path& video, const std::shared_ptr<const VideoIndex>& index) {
    VideoReader reader(video, index);
    const FrameIndex last = std::min<FrameIndex>(240, index->size() - 1);
    for (FrameIndex frame = 0; frame <= last; ++frame) (void)reader.frame(frame);
    std::vector<double> times;
    for (FrameIndex back = 1; back <= std::min<FrameIndex>(20, last); ++back)
        times.push_back(milliseconds_of([&] { (void)reader.frame(last - back)->picture(); }));
    return {"one step back in the cache with its picture, median", median_of(times), "ms", 8.0, "bound"};
}

BenchRow preview_row(const path& video, const std::shared_ptr<const VideoIndex>& index, const path& folder) {
    const path file = storage::proxy_file(folder, *index);
    storage::make_proxy(video, index, file, {}, [](double) {}, {});
    auto proxy = storage::ScrubProxy::open(file, *index).value();
    std::vector<double> times;
    for (const FrameIndex frame : random_frames(*index, 400))
        times.push_back(milliseconds_of([&] { (void)proxy.preview(frame).value(); }));
    return {"preview from the proxy, 95th percentile", quantile_of(times, 0.95), "ms", 16.0, "bound"};
}

BenchRow scan_row(const path& video) {
    using Thoroughness = storage::ScanOptions::Thoroughness;
    const double by_packets = seconds_of([&] { (void)index_of(video, Thoroughness::automatic); });
    const double by_decoding = seconds_of([&] { (void)index_of(video, Thoroughness::decode_everything); });
    return {"index scan of 1080p60", by_packets, "s", by_decoding, "decoding every frame"};
}

std::optional<BenchRow> memory_row(const path& program, const path& folder) {
    const path piece = folder / "quiet.mp4", video = folder / "two-hours.mp4";
    const BenchVideo quiet{.frames = bench_group, .motion = BenchVideo::Motion::quiet};
    write_bench_video(piece, quiet);
    storage::repeat_video(piece, video, 2 * 3600 * quiet.rate / quiet.frames);
    const auto text = output_of(quoted(program.string()) + " bench --json --seek-memory " + quoted(video.string()));
    if (!text) return std::nullopt;
    const auto document = nlohmann::json::parse(*text);
    const std::int64_t beyond =
        document.at("peak_bytes").get<std::int64_t>() - document.at("budget_bytes").get<std::int64_t>();
    return BenchRow{"memory beyond the cache on 2 hours of 1080p60",
                    static_cast<double>(beyond) / static_cast<double>(mebibyte), "MiB", 200.0, "bound"};
}

}  // namespace

std::vector<BenchRow> bench_seek(const path& program, const path& scripts, const JobContext& job) {
    const Workplace workplace;
    const path piece = workplace.folder / "piece.mp4", video = workplace.folder / "minute.mp4";
    std::vector<BenchRow> rows;
    int done = 0;
    const auto next = [&](const std::string& doing) {
        job.report({doing, static_cast<double>(done++), 7});
        return !job.stop.stop_requested();
    };
    if (!next("Making a video")) return rows;
    const BenchVideo lively{.frames = 3 * bench_group};
    write_bench_video(piece, lively);
    storage::repeat_video(piece, video, 1 + 60 * lively.rate / lively.frames);
    const auto index = index_of(video, storage::ScanOptions::Thoroughness::automatic);
    if (!next("Seeking")) return rows;
    rows = cold_seek_rows(video, index, scripts);
    if (!next("Decoding")) return rows;
    rows.push_back(sequential_row(video, index));
    if (!next("Stepping")) return rows;
    rows.push_back(step_back_row(video, index));
    if (!next("Making previews")) return rows;
    rows.push_back(preview_row(video, index, workplace.folder / "proxy"));
    if (!next("Scanning")) return rows;
    rows.push_back(scan_row(video));
    if (!next("Measuring memory")) return rows;
    if (auto row = memory_row(program, workplace.folder)) rows.push_back(std::move(*row));
    return rows;
}

SeekMemory seek_memory(const path& video) {
    const auto index = index_of(video, storage::ScanOptions::Thoroughness::automatic);
    const auto cache = std::make_shared<storage::FrameCache>(static_cast<std::size_t>(256 * mebibyte));
    VideoReader reader(video, index, {.cache = cache});
    for (const FrameIndex frame : random_frames(*index, 8)) {
        const FrameIndex last = std::min(frame + 60, index->size() - 1);
        for (FrameIndex near = frame; near <= last; ++near) (void)reader.frame(near);
        (void)reader.frame(frame)->picture();
    }
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    return {usage.ru_maxrss * 1024, static_cast<std::int64_t>(cache->budget()), index->size()};
}

}  // namespace annotator
