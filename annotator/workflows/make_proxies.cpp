#include "annotator/workflows/make_proxies.h"

#include <utility>

#include "annotator/workflows/measure_media.h"

namespace annotator {

namespace {

using schemas::Stream;

std::vector<const Stream*> video_streams(const Document& document) {
    std::vector<const Stream*> streams;
    for (const auto& [id, stream] : document.rows<Stream>())
        if (stream.kind == schemas::StreamKind::video) streams.push_back(&stream);
    return streams;
}

enum class Made { now, before, stopped };

Made made_proxy(ProjectSession& session, const Stream& stream, const storage::ProxyOptions& options,
                const JobContext& job) {
    const VideoFile video = video_file(session, stream);
    const auto index = index_of(
        video, session.store().folder(), [](double) {}, job.stop);
    if (!index) return Made::stopped;
    const std::filesystem::path proxy = storage::proxy_file(proxy_folder(session.store().folder()), *index);
    if (storage::ScrubProxy::open(proxy, *index)) return Made::before;
    const bool made = storage::make_proxy(
        video.path, index, proxy, options,
        [&](double share) {
            job.report({"", share, 1});
        },
        job.stop);
    return made ? Made::now : Made::stopped;
}

}  // namespace

std::filesystem::path proxy_folder(const std::filesystem::path& project) { return project / "cache" / "proxy"; }

std::optional<ProxySummary> make_proxies(ProjectSession& session, const storage::ProxyOptions& options,
                                         const JobContext& job) {
    const std::vector<const Stream*> streams = video_streams(session.document());
    ProxySummary summary;
    double done = 0;
    for (const Stream* stream : streams) {
        const auto report = [&](const Progress& progress) {
            job.report({"Making previews", done + progress.done, static_cast<double>(streams.size())});
        };
        try {
            const Made made = made_proxy(session, *stream, options, {report, job.stop});
            if (made == Made::stopped) return std::nullopt;
            (made == Made::now ? summary.made : summary.there_already) += 1;
        } catch (const storage::ReadError& error) {
            summary.left_out.push_back({stream->path, {error.what(), std::nullopt}});
        }
        ++done;
    }
    return summary;
}

int delete_proxies(const storage::ProjectStore& store) {
    int deleted = 0;
    if (!is_directory(proxy_folder(store.folder()))) return deleted;
    for (const auto& entry : std::filesystem::directory_iterator(proxy_folder(store.folder())))
        deleted += entry.path().extension() == ".proxy" ? 1 : 0;
    remove_all(proxy_folder(store.folder()));
    return deleted;
}

}  // namespace annotator
