#include "annotator/workflows/relink.h"

#include <map>

#include "annotator/document/stream_commands.h"
#include "storage/media/recording_search.h"

namespace annotator {

std::optional<RelinkResult> relink(ProjectSession& session, const std::filesystem::path& folder,
                                   const JobContext& job) {
    const Document& document = session.document();
    std::map<std::string, std::string> missing;  // hashes by path: streams may share a file
    for (const auto& [id, stream] : document.rows<schemas::Stream>())
        if (!exists(session.store().resolved_path(stream.path))) missing.emplace(stream.path, stream.sha256);

    storage::RecordingSearch search(folder);
    double bytes = 0;
    const auto progress = [&](std::uintmax_t more) {
        job.report({"Looking for moved recordings", bytes += static_cast<double>(more), 0});
    };
    RelinkResult result;
    std::map<std::string, std::string> moved;
    for (const auto& [path, sha256] : missing) {
        const auto place = search.find(path, sha256, progress, job.stop);
        if (job.stop.stop_requested()) return std::nullopt;
        if (!place)
            result.missing.push_back(path);
        else
            result.found.emplace_back(path, moved[path] = session.store().stored_path(*place));
    }
    std::vector<MovedStream> streams;
    for (const auto& [id, stream] : document.rows<schemas::Stream>())
        if (const auto place = moved.find(stream.path); place != moved.end()) streams.push_back({id, place->second});
    session.commit([&](const EditStamp&) { return relink_streams(document, streams); });
    return result;
}

}  // namespace annotator
