#include "annotator/workflows/make_proxies.h"

#include <utility>

#include "storage/features/video_index_cache.h"

namespace annotator {

namespace {

using schemas::Stream;

constexpr double scan_share = 0.2;  // of the work on one video

std::vector<const Stream*> video_streams(const Document& document) {
    std::vector<const Stream*> streams;
    for (const auto& [id, stream] : document.rows<Stream>())
        if (stream.kind == schemas::StreamKind::video) streams.push_back(&stream);
    return streams;
}

enum class Made { now, before, stopped };

Made made_proxy(const storage::ProjectStore& store, const Stream& stream, const storage::ProxyOptions& options,
                const JobContext& job) {
    const JobContext scan{[&](const Progress& progress) { job.report({"", scan_share * progress.done, 1}); }, job.stop};
    std::optional<storage::VideoIndex> found = video_index_of(store, stream, scan);
    if (!found) return Made::stopped;
    const auto index = std::make_shared<const storage::VideoIndex>(std::move(*found));
    const std::filesystem::path proxy = storage::proxy_file(proxy_folder(store), *index);
    if (storage::ScrubProxy::open(proxy, *index)) return Made::before;
    const bool made = storage::make_proxy(
        store.resolved_path(stream.path), index, proxy, options,
        [&](double share) {
            job.report({"", scan_share + (1 - scan_share) * share, 1});
        },
        job.stop);
    return made ? Made::now : Made::stopped;
}

}  // namespace

std::filesystem::path proxy_folder(const storage::ProjectStore& store) { return store.folder() / "cache" / "proxy"; }

std::optional<storage::VideoIndex> video_index_of(const storage::ProjectStore& store, const Stream& stream,
                                                  const JobContext& job) {
    const storage::VideoIndexCache cache(store.folder());
    if (auto cached = cache.load(stream.sha256, stream.container_stream)) return cached;
    auto index = storage::scan_video(
        store.resolved_path(stream.path), {.stream = static_cast<int>(stream.container_stream)},
        [&](double share) {
            job.report({"Reading videos", share, 1});
        },
        job.stop);
    if (!index) return std::nullopt;
    if (index->sha256 != stream.sha256)
        throw storage::ReadError(stream.path + ": is not the file that was imported; import it again");
    cache.store(*index);
    return index;
}

std::optional<ProxySummary> make_proxies(const storage::ProjectStore& store, const Document& document,
                                         const storage::ProxyOptions& options, const JobContext& job) {
    const std::vector<const Stream*> streams = video_streams(document);
    ProxySummary summary;
    double done = 0;
    for (const Stream* stream : streams) {
        const auto report = [&](const Progress& progress) {
            job.report({"Making previews", done + progress.done, static_cast<double>(streams.size())});
        };
        try {
            const Made made = made_proxy(store, *stream, options, {report, job.stop});
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
    if (!is_directory(proxy_folder(store))) return deleted;
    for (const auto& entry : std::filesystem::directory_iterator(proxy_folder(store)))
        deleted += entry.path().extension() == ".proxy" ? 1 : 0;
    remove_all(proxy_folder(store));
    return deleted;
}

}  // namespace annotator
