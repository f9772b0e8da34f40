#include "annotator/workflows/normalise.h"

#include <algorithm>
#include <map>
#include <mutex>

#include "annotator/document/queries.h"
#include "annotator/workflows/create_project.h"
#include "annotator/workflows/media_scan.h"
#include "annotator/workflows/normalised_project.h"
#include "annotator/workflows/normalised_video.h"
#include "inference/parallel.h"
#include "storage/export/atomic_folder.h"
#include "storage/export/export_names.h"

namespace annotator {

namespace {

using schemas::FrameIndex;
using schemas::Stream;

// A video that is to be copied.
struct Job {
    Stream stream;
    std::string take, name;  // name: of its files
    VideoFile file;
    FramePlan plan;
    schemas::FrameTable times;
};

NormalisedVideo summary(const Job& job, const WrittenVideo& written) {
    NormalisedVideo video;
    video.take = job.take;
    video.source = job.stream.path;
    video.path = "media/" + job.name + ".mp4";
    video.frame_map = "frame_maps/" + job.name + ".csv";
    video.size = written.size;
    video.frames = static_cast<FrameIndex>(written.sources.size());
    video.undecodable = written.undecodable;
    video.sound_problem = written.sound_problem;
    FrameIndex distinct = 0;
    for (std::size_t i = 0; i < written.sources.size(); ++i)
        distinct += i == 0 || written.sources[i] != written.sources[i - 1];
    video.duplicated = video.frames - distinct;
    if (!written.sources.empty()) video.dropped = written.sources.back() - written.sources.front() + 1 - distinct;
    return video;
}

std::vector<Job> jobs_of(ProjectSession& session, schemas::FrameRate rate) {
    const Document& document = session.document();
    std::vector<Job> jobs;
    std::vector<std::string> words, originals;
    for (const auto& [id, stream] : document.rows<Stream>()) {
        const Stream* reference = reference_stream(document, stream.take);
        if (stream.kind != schemas::StreamKind::video || reference == nullptr) continue;
        Job job{stream, document.at<schemas::Take>(stream.take).name, {}, video_file(session, stream), {}, {}};
        job.times = session.store().frame_times(stream);
        const schemas::StreamClock clock = stream.role == schemas::StreamRole::reference
                                               ? schemas::StreamClock{}
                                               : schemas::StreamClock{stream.clock_ratio, stream.offset_seconds};
        job.plan = frame_plan(job.times, clock, session.store().frame_times(*reference), rate);
        jobs.push_back(std::move(job));
    }
    std::ranges::sort(jobs, {}, [](const Job& job) { return std::tuple(job.take, job.stream.path, job.stream.id); });
    for (const Job& job : jobs) {
        originals.push_back(job.take);
        words.push_back(storage::video_id_from(job.take));
    }
    const auto names = storage::unique_words(words, originals, storage::LetterCase::folded);
    for (std::size_t i = 0; i < jobs.size(); ++i) jobs[i].name = names[i];
    return jobs;
}

class Normalising {
public:
    Normalising(ProjectSession& session, const NormaliseOptions& options, const JobContext& job)
        : session_(session),
          options_(options),
          job_(job),
          folder_(options.out, [](const std::filesystem::path&) { return "is not empty."; }),
          jobs_(jobs_of(session, options.rate)) {}

    std::optional<NormaliseResult> run() {
        std::optional<ProjectSession> fresh = ProjectSession::create(folder_.partial(), session_options());
        std::filesystem::create_directories(folder_.partial() / "media");
        shares_.assign(jobs_.size(), 0);
        const bool wrote = inference::for_each_index(jobs_.size(), 0, job_.stop, [&](std::size_t i) { copy(i); });
        if (!wrote || job_.stop.stop_requested()) return std::nullopt;
        std::ranges::sort(result_.videos, {}, &NormalisedVideo::path);
        std::ranges::sort(result_.left_out, {}, &LeftOut::path);
        CopiedProject copied = fill_with_copies(*fresh, session_, copies_);
        result_.takes = copied.takes;
        result_.labels = std::move(copied.labels);
        fresh.reset();  // the database is closed before it moves
        folder_.commit();
        return std::move(result_);
    }

private:
    // The same person at the same clock, so that a reproducible project has a reproducible copy.
    SessionOptions session_options() {
        SessionOptions options;
        options.author = session_.author();
        options.seed = static_cast<std::uint64_t>(session_.ids().fresh<schemas::TakeId>());
        options.clock = [this] { return session_.now(); };
        return options;
    }

    void copy(std::size_t at) {
        const Job& job = jobs_[at];
        if (job.plan.sources.empty()) return leave_out(job, "shows nothing while the take's reference stream runs");
        std::optional<WrittenVideo> written;
        const std::filesystem::path target = folder_.partial() / "media" / (job.name + ".mp4");
        try {
            const auto index = index_of(
                job.file, session_folder_, [](double) {}, job_.stop);
            if (!index) return;
            written = write_normalised(
                job.file, index, job.plan, target, options_, [&](double share) { report(at, share); }, job_.stop);
        } catch (const storage::ReadError& error) {
            std::error_code ignored;
            std::filesystem::remove(target, ignored);
            return leave_out(job, error.what());
        }
        if (!written) return;
        const storage::VideoIndexCache cache(folder_.partial());
        auto scan = scan_media(
            target, cache, storage::ScanOptions::Thoroughness::automatic, [](double) {}, job_.stop);
        if (!scan) return;
        NormalisedCopy made{static_cast<double>(job.plan.first) / options_.rate.per_second(),
                            {{}, job.times.frames()},
                            std::move(scan->recordings)};
        for (const FrameIndex source : written->sources) made.map.frames.push_back({source, 1});
        if (made.recordings.front().frames != static_cast<FrameIndex>(made.map.frames.size()))
            throw std::runtime_error(target.string() + ": has " + std::to_string(made.recordings.front().frames) +
                                     " frames after writing " + std::to_string(made.map.frames.size()));
        const std::string csv = csv_from(made.map, *made.recordings.front().table, job.times);
        const std::scoped_lock lock(mutex_);
        NormalisedVideo video = summary(job, *written);
        folder_.write(video.frame_map, csv);
        result_.videos.push_back(std::move(video));
        copies_.emplace(job.stream.id, std::move(made));
    }

    void leave_out(const Job& job, const std::string& reason) {
        const std::scoped_lock lock(mutex_);
        result_.left_out.push_back({job.file.path.string(), reason, LeftOut::Severity::error});
    }

    void report(std::size_t at, double share) {
        const std::scoped_lock lock(mutex_);
        shares_[at] = share;
        double done = 0;
        for (const double each : shares_) done += each;
        job_.report({"Copying videos", done, static_cast<double>(jobs_.size())});
    }

    ProjectSession& session_;
    const NormaliseOptions& options_;
    const JobContext& job_;
    storage::AtomicFolder folder_;
    std::vector<Job> jobs_;
    std::filesystem::path session_folder_ = session_.store().folder();
    std::mutex mutex_;
    std::vector<double> shares_;  // guarded by mutex_, as are the next
    std::map<schemas::StreamId, NormalisedCopy> copies_;
    NormaliseResult result_;
};

}  // namespace

std::optional<NormaliseResult> normalise(ProjectSession& session, const NormaliseOptions& options,
                                         const JobContext& job) {
    if (!schemas::is_valid(options.rate) || options.lines < 16)
        throw std::invalid_argument("a standard has a rate and at least 16 lines");
    return Normalising(session, options, job).run();
}

}  // namespace annotator
