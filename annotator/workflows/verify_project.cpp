#include "annotator/workflows/verify_project.h"

#include <filesystem>

#include "annotator/document/queries.h"
#include "annotator/workflows/recording_scan.h"
#include "annotator/workflows/split_project.h"
#include "storage/hash.h"

namespace annotator {

namespace {

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

void check_takes(const Document& document, std::vector<Finding>& findings) {
    for (const auto& [id, take] : document.rows<schemas::Take>())
        if (reference_stream(document, id) == nullptr)
            findings.push_back({Severity::error, "the take has no reference stream", take.name});
}

// False when stopped.
bool check_media(ProjectSession& session, const JobContext& job, std::vector<Finding>& findings) {
    const auto& streams = session.document().rows<schemas::Stream>();
    double done = 0;
    for (const auto& [id, stream] : streams) {
        if (job.stop.stop_requested()) return false;
        job.report({"Checking recordings", ++done, static_cast<double>(streams.size())});
        const auto path = session.store().resolved_path(stream.path);
        try {
            if (!exists(path))
                findings.push_back(
                    {Severity::warning,
                     "the recording is missing; labels are safe, put it back or import it from its new place",
                     stream.path});
            else if (recording_hash(path) != stream.sha256)
                findings.push_back({Severity::error,
                                    "the recording is not the one that was imported; its frames may differ",
                                    stream.path});
        } catch (const std::exception& error) {
            findings.push_back({Severity::error, error.what(), stream.path});
        }
    }
    return true;
}

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

}  // namespace

std::optional<std::vector<Finding>> verify_project(ProjectSession& session, const JobContext& job) {
    std::vector<Finding> findings;
    for (const std::string& problem : session.store().integrity_problems())
        findings.push_back({Severity::error, problem, "project.sqlite"});
    check_journal(session, findings);
    check_labels(session.document(), findings);
    check_takes(session.document(), findings);
    check_splits(session, findings);
    if (!check_media(session, job, findings)) return std::nullopt;
    return findings;
}

}  // namespace annotator
