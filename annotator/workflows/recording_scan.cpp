#include "annotator/workflows/recording_scan.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <functional>
#include <map>
#include <mutex>
#include <set>
#include <stdexcept>
#include <thread>
#include <tuple>

#include "annotator/workflows/media_scan.h"
#include "storage/features/skeleton_cache.h"
#include "storage/media/depth_reader.h"
#include "storage/media/file_probe.h"
#include "storage/media/recording_hash.h"
#include "storage/skeleton/readers.h"

namespace annotator {

namespace {

using schemas::StreamKind;
using Thoroughness = storage::ScanOptions::Thoroughness;
using std::filesystem::path;

constexpr const char* other_format = "is of another format than the one asked for";
constexpr const char* not_a_recording = "is no recording of a kind that is read here";

struct Candidate {
    path file;
    const storage::SkeletonFormat* skeleton = nullptr;
    const storage::DepthFormat* depth = nullptr;  // with neither it is media
};

// What the formats of media are called.
constexpr std::array<std::string_view, 3> media_formats{"video", "depth-video", "audio"};

bool is_media_format(std::string_view name) { return std::ranges::find(media_formats, name) != media_formats.end(); }

// Files of these names are read as media even where they do not look like it, so that the reader says why.
bool is_called_media(const path& file) {
    static const std::set<std::string> extensions{".mp4", ".m4v", ".mov", ".mkv",  ".webm", ".avi",  ".mpg", ".mpeg",
                                                  ".ts",  ".mts", ".wmv", ".flv",  ".3gp",  ".ogv",  ".wav", ".mp3",
                                                  ".m4a", ".aac", ".ogg", ".opus", ".flac", ".aiff", ".wma"};
    return extensions.contains(storage::lower_case(file.extension().string()));
}

class Walk {
public:
    explicit Walk(const std::string& format) : format_(format) {}

    void enter(const path& start) {
        std::error_code error;
        if (!exists(start, error))
            leave_out(start, "does not exist", LeftOut::Severity::error);
        else if (is_directory(start, error))
            enter_folder(start);
        else
            look_at(start);
    }

    std::vector<Candidate> candidates;
    std::vector<LeftOut> left_out;

private:
    void leave_out(const path& file, const std::string& reason, LeftOut::Severity severity) {
        left_out.push_back({file.string(), reason, severity});
    }

    // A folder of pictures is one recording; any other is walked into, without following
    // links to folders, which may lead back.
    void enter_folder(const path& folder) {
        std::error_code error;
        if (exists(folder / "project.sqlite", error))
            return leave_out(folder, "is a project and holds no recordings", LeftOut::Severity::passed_over);
        if (const auto* depth = storage::depth_format_of(folder); depth != nullptr && wanted(depth->name)) {
            candidates.push_back({folder, nullptr, depth});
            return;
        }
        std::vector<path> entries;
        for (std::filesystem::directory_iterator at(folder, error), end; !error && at != end; at.increment(error))
            entries.push_back(at->path());
        if (error) leave_out(folder, "cannot be read: " + error.message(), LeftOut::Severity::error);
        std::ranges::sort(entries);
        for (const path& entry : entries) {
            if (entry.filename().string().starts_with(".")) continue;
            if (is_directory(entry, error) && !is_symlink(entry, error))
                enter_folder(entry);
            else
                look_at(entry);
        }
    }

    void look_at(const path& file) {
        std::error_code error;
        if (is_directory(file, error))
            return leave_out(file, "is a link to a folder, which is not followed; name that folder itself",
                             LeftOut::Severity::error);
        if (!is_regular_file(file, error))
            return leave_out(file, "is no file that can be read", LeftOut::Severity::error);
        Candidate candidate{file, storage::skeleton_format_of(file), nullptr};
        if (candidate.skeleton == nullptr) candidate.depth = storage::depth_format_of(file);
        if (candidate.depth != nullptr && is_media_format(candidate.depth->name)) candidate.depth = nullptr;
        const bool media = candidate.skeleton == nullptr && candidate.depth == nullptr;
        if (media && (file_size(file, error) == 0 || (!is_called_media(file) && !storage::looks_like_media(file))))
            return pass_over(file);
        const bool fits = media                           ? format_.empty() || is_media_format(format_)
                          : candidate.skeleton != nullptr ? wanted(candidate.skeleton->name)
                                                          : wanted(candidate.depth->name);
        if (!fits) return leave_out(file, other_format, LeftOut::Severity::passed_over);
        candidates.push_back(candidate);
    }

    // A name that promises a recording and content that breaks the promise is an error.
    void pass_over(const path& file) {
        static const std::set<std::string> promising{".amc", ".bvh", ".bin", ".mat", ".skeleton", ".slp"};
        std::error_code error;
        if (file.extension() == ".asf")
            return leave_out(file, "is the skeleton that its .amc files are read with", LeftOut::Severity::passed_over);
        if (promising.contains(file.extension().string()) || is_called_media(file) || file_size(file, error) == 0)
            leave_out(file,
                      file_size(file, error) == 0 ? "is empty"
                                                  : "is no recording although its name says so; it may be damaged",
                      LeftOut::Severity::error);
        else
            leave_out(file, not_a_recording, LeftOut::Severity::passed_over);
    }

    [[nodiscard]] bool wanted(std::string_view format) const { return format_.empty() || format_ == format; }

    const std::string& format_;
};

// Reads recordings of each kind; all of it stops inside a file.
class Reading {
public:
    Reading(const path& project, Thoroughness thoroughness, std::stop_token stop)
        : skeletons_(project), indexes_(project), thoroughness_(thoroughness), stop_(std::move(stop)) {}

    // What a candidate gives; nullopt when stopped. `progress` gets the share that is done.
    std::optional<MediaScan> read(const Candidate& candidate, const std::function<void(double)>& progress) const {
        if (candidate.skeleton == nullptr && candidate.depth == nullptr)
            return scan_media(candidate.file, indexes_, thoroughness_, progress, stop_);
        auto scanned = candidate.skeleton != nullptr ? read_skeleton(candidate) : read_depth(candidate, progress);
        if (!scanned) return std::nullopt;
        MediaScan scan;
        scan.recordings.push_back(std::move(*scanned));
        return scan;
    }

private:
    [[nodiscard]] std::optional<ScannedRecording> read_skeleton(const Candidate& candidate) const {
        ScannedRecording scanned;
        scanned.path = candidate.file;
        scanned.kind = StreamKind::skeleton;
        scanned.format = candidate.skeleton->name;
        auto hash = storage::recording_hash(
            candidate.file, [](std::uintmax_t) {}, stop_);
        if (!hash) return std::nullopt;
        scanned.sha256 = std::move(*hash);
        const storage::SkeletonRecording recording = candidate.skeleton->read(candidate.file);
        skeletons_.store(scanned.sha256, recording);
        scanned.frames = recording.sequence.frames();
        if (schemas::is_valid(recording.rate)) scanned.rate = recording.rate;
        if (!recording.seconds.empty()) scanned.table = schemas::FrameTable{recording.seconds, {}};
        if (recording.first_stamp) {
            scanned.media.emplace();
            scanned.media->recorded_at = recording.first_stamp;
            scanned.media->recorded_by = schemas::RecordingClock::time_stamps;
        }
        scanned.layout = recording.sequence.layout->name;
        scanned.space = recording.sequence.space;
        scanned.problems = recording.problems;
        return scanned;
    }

    [[nodiscard]] std::optional<ScannedRecording> read_depth(const Candidate& candidate,
                                                             const std::function<void(double)>& progress) const {
        ScannedRecording scanned;
        scanned.path = candidate.file;
        scanned.kind = StreamKind::depth;
        scanned.format = candidate.depth->name;
        auto hash = storage::recording_hash(
            candidate.file, [](std::uintmax_t) {}, stop_);
        if (!hash) return std::nullopt;
        scanned.sha256 = std::move(*hash);
        const auto reader = candidate.depth->open(candidate.file);
        for (; scanned.frames < reader->frames(); ++scanned.frames) {
            if (stop_.stop_requested()) return std::nullopt;
            (void)reader->frame(scanned.frames);
            progress(static_cast<double>(scanned.frames + 1) / static_cast<double>(reader->frames()));
        }
        if (scanned.format.starts_with("msr-")) scanned.rate = schemas::FrameRate{15, 1};
        scanned.problems = reader->problems();
        return scanned;
    }

    storage::SkeletonCache skeletons_;
    storage::VideoIndexCache indexes_;
    Thoroughness thoroughness_;
    std::stop_token stop_;
};

// How many bytes of all recordings are done, told in steps that a person can see.
class ByteProgress {
public:
    ByteProgress(const std::vector<Candidate>& candidates, const JobContext& job) : job_(job) {
        for (const Candidate& candidate : candidates)
            bytes_[candidate.file] = static_cast<double>(storage::recording_bytes(candidate.file));
        for (const auto& [file, bytes] : bytes_) total_ += bytes;
    }

    void report(const path& file, double share) {
        const std::scoped_lock lock(mutex_);
        double& before = shares_[file];
        done_ += (share - before) * bytes_.at(file);
        before = share;
        if (done_ - told_ < total_ / 500 && share < 1) return;
        told_ = done_;
        job_.report({"Reading recordings", done_, total_});
    }

private:
    const JobContext& job_;
    std::map<path, double> bytes_;
    double total_ = 0;
    std::mutex mutex_;
    std::map<path, double> shares_;  // guarded by mutex_, as are the two below
    double done_ = 0, told_ = 0;
};

void parse(const Candidate& candidate, const std::stop_token& stop) {
    if (candidate.skeleton != nullptr) {
        (void)candidate.skeleton->read(candidate.file);
    } else if (candidate.depth != nullptr) {
        const auto reader = candidate.depth->open(candidate.file);
        for (schemas::FrameIndex i = 0; i < reader->frames() && !stop.stop_requested(); ++i) (void)reader->frame(i);
    } else {
        (void)storage::scan_video(
            candidate.file, {}, [](double) {}, stop);
    }
}

void on_all_cores(const std::vector<Candidate>& candidates, const std::stop_token& stop,
                  const std::function<void(const Candidate&)>& work) {
    std::atomic<std::size_t> next = 0;
    std::vector<std::jthread> workers;
    for (unsigned i = 0; i < std::max(1U, std::thread::hardware_concurrency()); ++i)
        workers.emplace_back([&] {
            for (std::size_t at = next++; at < candidates.size() && !stop.stop_requested(); at = next++)
                work(candidates[at]);
        });
}

void require_format(const std::string& name) {
    if (name.empty() || storage::skeleton_format_named(name) != nullptr ||
        storage::depth_format_named(name) != nullptr || is_media_format(name))
        return;
    std::string known;
    for (const auto& format : storage::skeleton_formats()) known += " " + std::string(format.name);
    for (const auto& format : storage::depth_formats())
        if (!is_media_format(format.name)) known += " " + std::string(format.name);
    for (const std::string_view format : media_formats) known += " " + std::string(format);
    throw std::invalid_argument("there is no recording format '" + name + "'; there are" + known);
}

}  // namespace

std::optional<RecordingScan> scan_recordings(const std::vector<path>& paths, const std::string& format,
                                             const path& project, Thoroughness thoroughness, const JobContext& job) {
    require_format(format);
    Walk walk(format);
    for (const path& start : paths) walk.enter(start);
    const Reading reading(project, thoroughness, job.stop);
    ByteProgress progress(walk.candidates, job);
    RecordingScan scan;
    scan.left_out = std::move(walk.left_out);
    std::mutex mutex;  // of scan
    on_all_cores(walk.candidates, job.stop, [&](const Candidate& candidate) {
        std::optional<MediaScan> found;
        std::string failure;
        try {
            found = reading.read(candidate, [&](double share) { progress.report(candidate.file, share); });
        } catch (const std::exception& error) {
            failure = error.what();
        }
        progress.report(candidate.file, 1);
        const std::scoped_lock lock(mutex);
        if (!failure.empty()) scan.left_out.push_back({candidate.file.string(), failure, LeftOut::Severity::error});
        if (!found) return;
        std::ranges::move(found->left_out, std::back_inserter(scan.left_out));
        for (ScannedRecording& recording : found->recordings)
            if (format.empty() || recording.format == format)
                scan.recordings.push_back(std::move(recording));
            else
                scan.left_out.push_back({recording.path.string(), other_format, LeftOut::Severity::passed_over});
    });
    if (job.stop.stop_requested()) return std::nullopt;
    std::ranges::sort(scan.recordings, {}, [](const ScannedRecording& recording) {
        return std::tie(recording.path, recording.container_stream);
    });
    std::ranges::sort(scan.left_out, {}, &LeftOut::path);
    return scan;
}

std::optional<std::size_t> parse_recordings(const std::vector<path>& paths, const JobContext& job) {
    const std::string every_format;
    Walk walk(every_format);
    for (const path& start : paths) walk.enter(start);
    on_all_cores(walk.candidates, job.stop, [&](const Candidate& candidate) {
        try {
            parse(candidate, job.stop);
        } catch (const storage::ReadError&) {
            // An import would leave it out.
        }
    });
    if (job.stop.stop_requested()) return std::nullopt;
    return walk.candidates.size();
}

}  // namespace annotator
