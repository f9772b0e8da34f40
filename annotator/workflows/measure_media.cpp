#include "annotator/workflows/measure_media.h"

#include <algorithm>
#include <mutex>

#include "inference/parallel.h"
#include "inference/picture_measures.h"
#include "storage/features/media_measures_cache.h"
#include "storage/features/video_index_cache.h"
#include "storage/media/frame_cache.h"
#include "storage/media/video_reader.h"

namespace annotator {

namespace {

using schemas::FrameIndex;
using schemas::MediaMeasures;

// Walking forwards needs no decoded frames from before.
constexpr std::size_t walking_cache = std::size_t{32} << 20U;

std::optional<MediaMeasures> decode_and_measure(const VideoFile& video,
                                                const std::shared_ptr<const storage::VideoIndex>& index,
                                                Threads threads, const std::function<void(double)>& progress,
                                                const std::stop_token& stop) {
    storage::VideoReaderOptions options;
    options.cache = std::make_shared<storage::FrameCache>(walking_cache);
    options.threads = threads == Threads::one ? 1 : 0;
    storage::VideoReader reader(video.path, index, options);
    inference::FrameMeasurer measurer;
    MediaMeasures measures;
    for (FrameIndex i = 0; i < index->size(); ++i) {
        try {
            const auto frame = reader.frame(i, stop);
            if (!frame) return std::nullopt;
            measures.frames.push_back(measurer.measure(frame->picture(inference::measured_longest_side)));
        } catch (const storage::ReadError&) {
            measures.frames.emplace_back();
            measures.undecodable.push_back(i);
        }
        progress(static_cast<double>(i + 1) / static_cast<double>(index->size()));
    }
    return measures;
}

}  // namespace

VideoFile video_file(ProjectSession& session, const schemas::Stream& stream) {
    return {session.store().resolved_path(stream.path), stream.sha256, stream.container_stream};
}

std::shared_ptr<const storage::VideoIndex> index_of(const VideoFile& video, const std::filesystem::path& project,
                                                    const std::function<void(double share)>& progress,
                                                    std::stop_token stop) {
    const storage::VideoIndexCache cache(project);
    auto index = cache.load(video.sha256, video.container_stream);
    if (!index) {
        storage::ScanOptions options;
        options.stream = static_cast<int>(video.container_stream);
        index = storage::scan_video(video.path, options, progress, std::move(stop));
        if (!index) return nullptr;
        if (index->sha256 != video.sha256)
            throw storage::ReadError(video.path.string() +
                                     ": is not the file that was imported; put that one back, or import this one");
        cache.store(*index);
    }
    return std::make_shared<const storage::VideoIndex>(std::move(*index));
}

std::optional<MediaMeasures> measures_of(const VideoFile& video, const std::filesystem::path& project, Threads threads,
                                         const std::function<void(double share)>& progress, std::stop_token stop) {
    const storage::MediaMeasuresCache cache(project);
    if (auto known = cache.load(video.sha256, video.container_stream)) return known;
    const auto index = index_of(
        video, project, [](double) {}, stop);
    if (!index) return std::nullopt;
    auto measures = decode_and_measure(video, index, threads, progress, stop);
    if (measures) cache.store(video.sha256, video.container_stream, *measures);
    return measures;
}

bool measure_streams(ProjectSession& session, const std::vector<schemas::Stream>& videos, const JobContext& job,
                     const std::function<void(MeasuredStream)>& visit) {
    std::vector<VideoFile> files;
    for (const schemas::Stream& stream : videos) files.push_back(video_file(session, stream));
    const std::filesystem::path project = session.store().folder();
    const bool many = static_cast<int>(videos.size()) >= inference::thread_count(0);
    std::mutex mutex;
    std::vector<double> shares(videos.size());  // guarded by mutex, as are report and visit
    const auto report = [&](std::size_t at, double share) {
        const std::scoped_lock lock(mutex);
        shares[at] = share;
        double done = 0;
        for (const double each : shares) done += each;
        job.report({"Measuring videos", done, static_cast<double>(videos.size())});
    };
    return inference::for_each_index(videos.size(), many ? 0 : 1, job.stop,
                                     [&](std::size_t at) {
                                         MeasuredStream measured{videos[at], {}, {}};
                                         try {
                                             auto measures = measures_of(
                                                 files[at], project, many ? Threads::one : Threads::every_core,
                                                 [&](double share) { report(at, share); }, job.stop);
                                             if (!measures) return;
                                             measured.measures = std::move(*measures);
                                         } catch (const storage::ReadError& error) {
                                             measured.problem = error.what();
                                         }
                                         report(at, 1);
                                         const std::scoped_lock lock(mutex);
                                         visit(std::move(measured));
                                     }) &&
           !job.stop.stop_requested();
}

}  // namespace annotator
