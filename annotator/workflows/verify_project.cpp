#include "annotator/workflows/verify_project.h"

#include <filesystem>
#include <map>
#include <memory>

#include "annotator/document/queries.h"
#include "annotator/workflows/split_project.h"
#include "storage/export/verify_media.h"
#include "storage/media/frame_comparison.h"
#include "storage/media/recording_hash.h"
#include "storage/media/recording_search.h"

namespace annotator {

namespace {

using schemas::Stream;
using storage::Finding;
using storage::Severity;

void check_journal(ProjectSession& session, std::vector<Finding>& findings) {
    try {
        if (!(replay(session.store().log().all()) == session.document()))
            findings.push_back({Severity::error, "the rows are not what a replay of the journal gives", "edit_log"});
    } catch (const std::exception& error) {
        findings.push_back(
            {Severity::error, std::string("the journal cannot be replayed: ") + error.what(), "edit_log"});
    }
}

void check_labels(const Document& document, std::vector<Finding>& findings) {
    for (const auto& [id, clip] : document.rows<schemas::Clip>())
        for (const Line& line : document.lines(id)) {
            schemas::FrameIndex end = clip.begin_frame;
            for (const schemas::SegmentId segment_id : document.segments(line)) {
                const auto& segment = document.at<schemas::Segment>(segment_id);
                const bool overlaps = document.at<schemas::Track>(line.track).exclusive && segment.begin_frame < end;
                if (overlaps || segment.begin_frame < clip.begin_frame || segment.end_frame > clip.end_frame ||
                    !schemas::is_valid(segment.span()))
                    findings.push_back(
                        {Severity::error,
                         overlaps ? "a label overlaps the one before it" : "a label reaches beyond the clip",
                         clip.name + ", frame " + std::to_string(segment.begin_frame)});
                end = std::max(end, segment.end_frame);
            }
        }
}

void check_corrections(const Document& document, std::vector<Finding>& findings) {
    for (const auto& [id, stream] : document.rows<Stream>()) {
        const schemas::JointCorrection* last = nullptr;
        for (const schemas::JointCorrectionId correction_id : document.corrections(id)) {
            const auto& correction = document.at<schemas::JointCorrection>(correction_id);
            const bool twice =
                last != nullptr && last->joint == correction.joint && correction.begin_frame < last->end_frame;
            if (twice || !schemas::is_valid(correction.span()) || correction.end_frame > stream.frames)
                findings.push_back(
                    {Severity::error,
                     twice ? "a key-point is corrected twice" : "a corrected key-point reaches beyond the recording",
                     stream.path + ", joint " + std::to_string(correction.joint) + ", frame " +
                         std::to_string(correction.begin_frame)});
            last = &correction;
        }
    }
}

void check_takes(const Document& document, std::vector<Finding>& findings) {
    for (const auto& [id, take] : document.rows<schemas::Take>())
        if (reference_stream(document, id) == nullptr)
            findings.push_back({Severity::error, "the take has no reference stream", take.name});
}

class MediaChecks {
public:
    MediaChecks(ProjectSession& session, Thoroughness thoroughness, const JobContext& job,
                std::vector<Finding>& findings)
        : session_(session), thoroughness_(thoroughness), job_(job), findings_(findings) {
        for (const auto& [id, stream] : session.document().rows<Stream>())
            total_ += static_cast<double>(storage::recording_bytes(place_of(stream)));
    }

    // False when stopped.
    bool check(const Stream& stream) try {
        const auto place = place_of(stream);
        const auto table = session_.store().frame_table(stream.id);
        if (table && table->frames() != stream.frames)
            fail(stream, "its frame table has " + std::to_string(table->frames()) + " rows, and it has " +
                             std::to_string(stream.frames) + " frames");
        if (!exists(place)) {
            findings_.push_back({Severity::warning,
                                 "the recording is missing; labels are safe. Put it back, or find it with 'kinetograph "
                                 "relink'",
                                 stream.path});
            return true;
        }
        const auto hash = hash_of(stream, place);
        if (!hash) return false;
        if (*hash != stream.sha256)
            fail(stream, "the recording is not the one that was imported; its frames may differ");
        else if (thoroughness_ == Thoroughness::decode_everything && table && !table->ticks.empty())
            return check_frames(stream, *table, place);
        return true;
    } catch (const std::exception& error) {
        fail(stream, error.what());
        return true;
    }

private:
    [[nodiscard]] std::filesystem::path place_of(const Stream& stream) {
        return session_.store().resolved_path(stream.path);
    }
    void fail(const Stream& stream, const std::string& what) {
        findings_.push_back({Severity::error, what, stream.path});
    }

    // Streams may share a file.
    std::optional<std::string> hash_of(const Stream& stream, const std::filesystem::path& place) {
        const auto known = hashes_.find(stream.path);
        if (known != hashes_.end()) return known->second;
        const auto hash = storage::recording_hash(
            place,
            [&](std::uintmax_t bytes) {
                job_.report({"Checking recordings", done_ += static_cast<double>(bytes), total_});
            },
            job_.stop);
        if (hash) hashes_.emplace(stream.path, *hash);
        return hash;
    }

    bool check_frames(const Stream& stream, const schemas::FrameTable& table, const std::filesystem::path& place) {
        storage::ScanOptions options;
        options.stream = static_cast<int>(stream.container_stream);
        options.thoroughness = storage::ScanOptions::Thoroughness::decode_everything;
        const auto index = storage::scan_video(
            place, options,
            [&](double share) {
                job_.report({"Decoding " + stream.path, share, 1});
            },
            job_.stop);
        if (!index) return false;
        if (index->size() != stream.frames)
            fail(stream, "gives " + std::to_string(index->size()) + " frames, and " + std::to_string(stream.frames) +
                             " were imported");
        for (const std::string& difference : storage::differences(*index, table, 0)) fail(stream, difference);
        return true;
    }

    ProjectSession& session_;
    Thoroughness thoroughness_;
    const JobContext& job_;
    std::vector<Finding>& findings_;
    std::map<std::string, std::string> hashes_;  // by path
    double done_ = 0, total_ = 0;                // bytes
};

void check_splits(ProjectSession& session, std::vector<Finding>& findings) {
    const auto items = split_items(session.document());
    for (const schemas::Split& split : session.store().splits()) {
        std::vector<std::string> keys;
        for (std::size_t at = 0; at < split.grouped.size();) {
            const std::size_t comma = std::min(split.grouped.find(',', at), split.grouped.size());
            keys.push_back(split.grouped.substr(at, comma - at));
            at = comma + 1;
        }
        for (const storage::Leak& leak : storage::leaks(items, split.members, keys))
            findings.push_back(
                {Severity::error,
                 leak.key + " '" + leak.value + "' is in several subsets of fold " + std::to_string(leak.fold),
                 "split " + split.name});
    }
}

using Finder = decltype(storage::MediaCheck::find);

Finder finder_in_project(const std::filesystem::path& project) {
    SessionOptions reading;
    reading.access = storage::Access::read_only;
    ProjectSession session(project, std::move(reading));
    std::map<std::string, std::filesystem::path> places;
    for (const auto& [id, stream] : session.document().rows<Stream>())
        if (const auto place = session.store().resolved_path(stream.path); exists(place))
            places.emplace(stream.sha256, place);
    return [places = std::move(places)](const storage::DatasetMedia& file) -> std::optional<std::filesystem::path> {
        const auto found = places.find(file.sha256);
        return found == places.end() ? std::nullopt : std::optional(found->second);
    };
}

// Where the export says, if that is below the folder, else by content, else by name: then it is another recording, and
// said to be.
Finder finder_in_folder(const std::filesystem::path& folder, const std::stop_token& stop) {
    const auto search = std::make_shared<storage::RecordingSearch>(folder);
    return [folder, search, stop](const storage::DatasetMedia& file) -> std::optional<std::filesystem::path> {
        const std::filesystem::path said(file.path);
        if (said.is_relative() && *said.begin() != ".." && exists(folder / said)) return folder / said;
        if (auto place = search->find(
                file.path, file.sha256, [](std::uintmax_t) {}, stop))
            return place;
        return search->named(file.path);
    };
}

}  // namespace

std::optional<std::vector<Finding>> verify_project(ProjectSession& session, const JobContext& job,
                                                   Thoroughness thoroughness) {
    std::vector<Finding> findings;
    for (const std::string& problem : session.store().integrity_problems())
        findings.push_back({Severity::error, problem, "project.sqlite"});
    check_journal(session, findings);
    check_labels(session.document(), findings);
    check_corrections(session.document(), findings);
    check_takes(session.document(), findings);
    check_splits(session, findings);
    MediaChecks media(session, thoroughness, job, findings);
    for (const auto& [id, stream] : session.document().rows<Stream>())
        if (job.stop.stop_requested() || !media.check(stream)) return std::nullopt;
    return findings;
}

std::optional<std::vector<Finding>> verify_export_media(const std::filesystem::path& folder,
                                                        const std::filesystem::path& media, Thoroughness thoroughness,
                                                        const JobContext& job) {
    storage::MediaCheck check;
    check.find = exists(media / "project.sqlite") ? finder_in_project(media) : finder_in_folder(media, job.stop);
    if (thoroughness == Thoroughness::decode_everything)
        check.thoroughness = storage::ScanOptions::Thoroughness::decode_everything;
    check.progress = [&job](const std::string& doing, double done, double total) { job.report({doing, done, total}); };
    return storage::verify_media(folder, check, job.stop);
}

}  // namespace annotator
