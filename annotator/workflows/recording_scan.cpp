#include "annotator/workflows/recording_scan.h"

#include <algorithm>
#include <atomic>
#include <functional>
#include <mutex>
#include <set>
#include <stdexcept>
#include <thread>

#include "storage/features/skeleton_cache.h"
#include "storage/hash.h"
#include "storage/media/depth_reader.h"
#include "storage/skeleton/readers.h"

namespace annotator {

namespace {

using schemas::StreamKind;
using std::filesystem::path;

constexpr const char* not_a_recording = "is no recording of a kind that is read here";

struct Candidate {
    path file;
    const storage::SkeletonFormat* skeleton = nullptr;
    const storage::DepthFormat* depth = nullptr;
};

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
        if (candidate.skeleton == nullptr && candidate.depth == nullptr) return pass_over(file);
        if (!wanted(candidate.skeleton != nullptr ? candidate.skeleton->name : candidate.depth->name))
            return leave_out(file, "is of another format than the one asked for", LeftOut::Severity::passed_over);
        candidates.push_back(candidate);
    }

    // A name that promises a recording and content that breaks the promise is an error.
    void pass_over(const path& file) {
        static const std::set<std::string> promising{".amc", ".bvh", ".bin", ".mat", ".skeleton"};
        std::error_code error;
        if (file.extension() == ".asf")
            return leave_out(file, "is the skeleton that its .amc files are read with", LeftOut::Severity::passed_over);
        if (promising.contains(file.extension().string()) || file_size(file, error) == 0)
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

ScannedRecording read_skeleton(const Candidate& candidate, const storage::SkeletonCache& cache) {
    ScannedRecording scanned;
    scanned.path = candidate.file;
    scanned.kind = StreamKind::skeleton;
    scanned.format = candidate.skeleton->name;
    scanned.sha256 = recording_hash(candidate.file);
    const storage::SkeletonRecording recording = candidate.skeleton->read(candidate.file);
    cache.store(scanned.sha256, recording);
    scanned.frames = recording.sequence.frames();
    scanned.rate = recording.rate;
    if (!recording.seconds.empty()) scanned.table = schemas::FrameTable{recording.seconds, {}};
    scanned.layout = recording.sequence.layout->name;
    scanned.space = recording.sequence.space;
    scanned.problems = recording.problems;
    return scanned;
}

std::optional<ScannedRecording> read_depth(const Candidate& candidate, const std::stop_token& stop) {
    ScannedRecording scanned;
    scanned.path = candidate.file;
    scanned.kind = StreamKind::depth;
    scanned.format = candidate.depth->name;
    scanned.sha256 = recording_hash(candidate.file);
    const auto reader = candidate.depth->open(candidate.file);
    for (; scanned.frames < reader->frames(); ++scanned.frames) {
        if (stop.stop_requested()) return std::nullopt;
        (void)reader->frame(scanned.frames);
    }
    if (scanned.format.starts_with("msr-")) scanned.rate = schemas::FrameRate{15, 1};
    scanned.problems = reader->problems();
    return scanned;
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
    if (name.empty() || storage::skeleton_format_named(name) != nullptr || storage::depth_format_named(name) != nullptr)
        return;
    std::string known;
    for (const auto& format : storage::skeleton_formats()) known += " " + std::string(format.name);
    for (const auto& format : storage::depth_formats()) known += " " + std::string(format.name);
    throw std::invalid_argument("there is no recording format '" + name + "'; there are" + known);
}

}  // namespace

std::string recording_hash(const path& recording) {
    if (!is_directory(recording)) return storage::sha256_of_file(recording);
    std::vector<path> files;
    for (const auto& entry : std::filesystem::directory_iterator(recording)) files.push_back(entry.path());
    std::ranges::sort(files);
    std::string lines;
    for (const path& file : files) lines += file.filename().string() + " " + storage::sha256_of_file(file) + "\n";
    return storage::sha256_of(lines);
}

std::optional<RecordingScan> scan_recordings(const std::vector<path>& paths, const std::string& format,
                                             const path& project, const JobContext& job) {
    require_format(format);
    Walk walk(format);
    for (const path& start : paths) walk.enter(start);
    const storage::SkeletonCache cache(project);
    RecordingScan scan;
    scan.left_out = std::move(walk.left_out);
    std::mutex mutex;
    std::size_t done = 0;  // guarded by mutex, as is scan
    on_all_cores(walk.candidates, job.stop, [&](const Candidate& candidate) {
        std::optional<ScannedRecording> scanned;
        std::string error;
        try {
            scanned = candidate.skeleton != nullptr ? read_skeleton(candidate, cache) : read_depth(candidate, job.stop);
        } catch (const std::exception& failure) {
            error = failure.what();
        }
        const std::scoped_lock lock(mutex);
        if (scanned) scan.recordings.push_back(std::move(*scanned));
        if (!error.empty()) scan.left_out.push_back({candidate.file.string(), error, LeftOut::Severity::error});
        job.report({"Reading recordings", static_cast<double>(++done), static_cast<double>(walk.candidates.size())});
    });
    if (job.stop.stop_requested()) return std::nullopt;
    std::ranges::sort(scan.recordings, {}, &ScannedRecording::path);
    std::ranges::sort(scan.left_out, {}, &LeftOut::path);
    return scan;
}

std::optional<std::size_t> parse_recordings(const std::vector<path>& paths, const JobContext& job) {
    const std::string every_format;
    Walk walk(every_format);
    for (const path& start : paths) walk.enter(start);
    on_all_cores(walk.candidates, job.stop, [&](const Candidate& candidate) {
        if (candidate.skeleton != nullptr) {
            (void)candidate.skeleton->read(candidate.file);
            return;
        }
        const auto reader = candidate.depth->open(candidate.file);
        for (schemas::FrameIndex i = 0; i < reader->frames() && !job.stop.stop_requested(); ++i) (void)reader->frame(i);
    });
    if (job.stop.stop_requested()) return std::nullopt;
    return walk.candidates.size();
}

}  // namespace annotator
