#include "annotator/workflows/media_scan.h"

#include <algorithm>

#include "storage/media/audio_index.h"
#include "storage/media/recording_clock.h"
#include "storage/media/recording_hash.h"
#include "storage/media/video_depth.h"
#include "storage/skeleton/frame_rate.h"

namespace annotator {

namespace {

using schemas::StreamKind;
using storage::ContainedStream;
using storage::VideoIndex;
using Thoroughness = storage::ScanOptions::Thoroughness;
using ShareDone = std::function<void(double share)>;

void add_clock(schemas::Media& media, const std::filesystem::path& file, int stream) {
    const auto recorded = storage::recorded_at(file, stream, media.start_seconds);
    if (!recorded) return;
    media.recorded_at = recorded->microseconds;
    media.recorded_by = recorded->clock;
}

schemas::Media media_of(const std::filesystem::path& file, const VideoIndex& index) {
    const storage::VideoProperties& properties = index.properties;
    schemas::Media media;
    media.bytes = static_cast<std::int64_t>(storage::recording_bytes(file));
    media.codec = properties.codec;
    media.pixel_format = properties.pixel_format;
    media.width = properties.width;
    media.height = properties.height;
    media.rotation_degrees = properties.rotation_degrees;
    media.mirrored = properties.mirrored;
    media.sample_aspect_numerator = properties.sample_aspect_numerator;
    media.sample_aspect_denominator = properties.sample_aspect_denominator;
    media.colour_matrix = schemas::to_text(properties.matrix);
    media.colour_range = schemas::to_text(properties.range);
    media.bits = properties.bits;
    media.alpha = properties.alpha;
    media.declared_frames = index.counts.declared;
    media.packets = index.counts.packets;
    media.decodable_frames = index.counts.decodable;
    media.start_seconds = index.seconds_from(index.frames.front().pts);
    add_clock(media, file, properties.stream);
    return media;
}

// For people and for models that want a number: frames are found by their times.
schemas::FrameRate nominal_rate(const VideoIndex& index, const schemas::FrameTable& table) {
    const double seconds = table.seconds.back() - table.seconds.front();
    if (seconds > 0) return storage::rate_from_measured(static_cast<double>(index.size() - 1) / seconds);
    return schemas::is_valid(index.properties.declared_rate) ? index.properties.declared_rate
                                                             : schemas::FrameRate{1, 1};
}

void add_problems(ScannedRecording& scanned, const std::vector<std::string>& problems) {
    for (const std::string& problem : problems) scanned.problems.push_back({problem, std::nullopt});
}

std::optional<ScannedRecording> read_pictures(const std::filesystem::path& file, int stream,
                                              const storage::VideoIndexCache& cache, Thoroughness thoroughness,
                                              const ShareDone& progress, const std::stop_token& stop) {
    storage::ScanOptions options;
    options.stream = stream;
    options.thoroughness = thoroughness;
    const auto index = storage::scan_video(file, options, progress, stop);
    if (!index) return std::nullopt;
    cache.store(*index);
    ScannedRecording scanned;
    scanned.path = file;
    const bool depth = storage::is_depth_pixel_format(index->properties.pixel_format);
    scanned.kind = depth ? StreamKind::depth : StreamKind::video;
    scanned.format = depth ? "depth-video" : "video";
    scanned.sha256 = index->sha256;
    scanned.frames = index->size();
    scanned.table = index->table();
    scanned.rate = nominal_rate(*index, *scanned.table);
    scanned.container_stream = stream;
    scanned.media = media_of(file, *index);
    add_problems(scanned, index->problems);
    return scanned;
}

std::optional<ScannedRecording> read_sound(const std::filesystem::path& file, int stream, const ShareDone& progress,
                                           const std::stop_token& stop) {
    storage::AudioScanOptions options;
    options.stream = stream;
    const auto index = storage::scan_audio(
        file, options, [](std::span<const float>, int, int) {}, progress, stop);
    if (!index) return std::nullopt;
    auto hash = storage::recording_hash(
        file, [](std::uintmax_t) {}, stop);
    if (!hash) return std::nullopt;
    ScannedRecording scanned;
    scanned.path = file;
    scanned.kind = StreamKind::audio;
    scanned.format = "audio";
    scanned.sha256 = std::move(*hash);
    scanned.frames = index->samples;
    scanned.rate = schemas::FrameRate{index->sample_rate, 1};
    scanned.container_stream = stream;
    schemas::Media& media = scanned.media.emplace();
    media.bytes = static_cast<std::int64_t>(storage::recording_bytes(file));
    media.codec = index->codec;
    media.channels = index->channels;
    media.packets = static_cast<std::int64_t>(index->packets.size());
    media.decodable_frames = index->samples;
    media.start_seconds = index->start_seconds;
    add_clock(media, file, stream);
    add_problems(scanned, index->problems);
    return scanned;
}

std::optional<ScannedRecording> read_stream(const std::filesystem::path& file, const ContainedStream& contained,
                                            const storage::VideoIndexCache& cache, Thoroughness thoroughness,
                                            const ShareDone& progress, const std::stop_token& stop) {
    return contained.kind == ContainedStream::Kind::audio
               ? read_sound(file, contained.stream, progress, stop)
               : read_pictures(file, contained.stream, cache, thoroughness, progress, stop);
}

bool is_recorded(const ContainedStream& stream) {
    return stream.kind != ContainedStream::Kind::other && !stream.cover_picture;
}

}  // namespace

std::optional<MediaScan> scan_media(const std::filesystem::path& file, const storage::VideoIndexCache& cache,
                                    Thoroughness thoroughness, const ShareDone& progress, const std::stop_token& stop) {
    auto [container, streams] = storage::media_contents(file);
    std::erase_if(streams, [](const ContainedStream& stream) { return !is_recorded(stream); });
    if (streams.empty()) throw storage::ReadError(file.string() + ": holds neither moving pictures nor sound.");
    MediaScan scan;
    for (std::size_t i = 0; i < streams.size(); ++i) {
        const auto part = [&](double share) {
            progress((static_cast<double>(i) + share) / static_cast<double>(streams.size()));
        };
        try {
            auto scanned = read_stream(file, streams[i], cache, thoroughness, part, stop);
            if (!scanned) return std::nullopt;
            scanned->media->container = container;
            scan.recordings.push_back(std::move(*scanned));
        } catch (const storage::ReadError& error) {
            if (streams.size() == 1) throw;
            scan.left_out.push_back({file.string(), "stream " + std::to_string(streams[i].stream) + ": " + error.what(),
                                     LeftOut::Severity::error});
        }
    }
    return scan;
}

}  // namespace annotator
