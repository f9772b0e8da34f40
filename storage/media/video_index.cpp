#include "storage/media/video_index.h"

#include <algorithm>
#include <fstream>
#include <utility>

#include "storage/hash.h"
#include "storage/media/packet_scan.h"
#include "storage/media/presentation_times.h"
#include "storage/media/video_decoding.h"
#include "storage/media/video_properties.h"

namespace storage {

namespace {

// nullopt when stopped.
std::optional<std::string> hash_of(const std::filesystem::path& file, const std::string& name,
                                   const std::stop_token& stop) {
    std::ifstream stream(file, std::ios::binary);
    Sha256 hash;
    std::vector<char> piece(std::size_t{1} << 20U);
    do {
        if (stop.stop_requested()) return std::nullopt;
        stream.read(piece.data(), static_cast<std::streamsize>(piece.size()));
        hash.add(std::string_view(piece.data(), static_cast<std::size_t>(stream.gcount())));
    } while (stream);
    if (!stream.eof()) throw ReadError(name + ": could not be read to its end.");
    return hash.finish();
}

// The times of the frames, which come in the order in which they are shown.
void set_times(VideoIndex& index, const ScannedPackets& scanned) {
    ShownTimes shown;
    for (const IndexedFrame& frame : index.frames) {
        const auto number = static_cast<std::size_t>(frame.packet);
        const IndexedPacket& packet = scanned.packets[number];
        shown.pts.push_back(packet.has_pts ? std::optional(packet.pts) : std::nullopt);
        shown.durations.push_back(scanned.durations[number]);
    }
    // Decoding times are presentation times out of order: in AVI there are no others.
    std::vector<std::int64_t> decoding;
    for (const IndexedFrame& frame : index.frames)
        if (const IndexedPacket& packet = scanned.packets[static_cast<std::size_t>(frame.packet)]; packet.has_dts)
            decoding.push_back(packet.dts);
    const bool no_pts = std::ranges::none_of(shown.pts, [](const auto& pts) { return pts.has_value(); });
    if (no_pts && decoding.size() == index.frames.size()) {
        std::ranges::sort(decoding);
        std::ranges::copy(decoding, shown.pts.begin());
    }
    IncreasingTimes times = increasing_times(shown);
    for (std::size_t frame = 0; frame < index.frames.size(); ++frame) {
        index.frames[frame].pts = times.pts[frame];
        index.frames[frame].duration = shown.durations[frame];
    }
    std::ranges::move(times.problems, std::back_inserter(index.problems));
}

void list_undecoded(VideoIndex& index, const ScannedPackets& scanned, const DecodedStream& decoded) {
    std::vector<bool> shown(scanned.packets.size());
    for (const IndexedFrame& frame : index.frames) shown[static_cast<std::size_t>(frame.packet)] = true;
    for (std::size_t number = 0; number < shown.size(); ++number) {
        if (shown[number] || scanned.unshown[number]) continue;
        const IndexedPacket& packet = scanned.packets[number];
        const auto reason = decoded.errors.find(static_cast<std::int64_t>(number));
        index.undecoded.push_back({static_cast<std::int64_t>(number),
                                   packet.has_pts ? std::optional(packet.pts) : std::nullopt,
                                   reason != decoded.errors.end() ? reason->second : "the decoder gave no picture"});
    }
}

}  // namespace

double VideoIndex::seconds_from(std::int64_t ticks) const {
    return static_cast<double>(ticks) * static_cast<double>(properties.time_base_numerator) /
           static_cast<double>(properties.time_base_denominator);
}

schemas::FrameTable VideoIndex::table() const {
    schemas::FrameTable table;
    table.tick = {properties.time_base_numerator, properties.time_base_denominator};
    for (const IndexedFrame& frame : frames) {
        table.ticks.push_back(frame.pts);
        table.seconds.push_back(seconds_from(frame.pts - frames.front().pts));
        table.key.push_back(frame.key ? 1 : 0);
    }
    return table;
}

std::optional<VideoIndex> scan_video(const std::filesystem::path& file, const ScanOptions& options,
                                     const std::function<void(double share)>& progress, std::stop_token stop) {
    const MediaLimits limits{.most_pixels = options.most_pixels};
    const auto media = MediaFile::open(file, stop, limits);
    if (!media) return std::nullopt;
    const int stream = chosen_video_stream(*media, options.stream);

    auto hash = hash_of(file, media->name(), stop);
    if (!hash) return std::nullopt;
    auto scanned = scan_packets(*media, stream, [&](double share) { progress(0.1 + 0.2 * share); });
    if (!scanned) return std::nullopt;
    const auto decoded = decode_stream(
        file, stream, *scanned, limits, [&](double share) { progress(0.3 + 0.7 * share); }, stop);
    if (!decoded) return std::nullopt;

    VideoIndex index;
    index.sha256 = std::move(*hash);
    index.method = ScanMethod::decoding;
    index.properties = properties_of(*media, stream, *decoded->first, index.problems);
    for (const ShownPicture& picture : decoded->shown) {
        const IndexedPacket& packet = scanned->packets[static_cast<std::size_t>(picture.packet)];
        index.frames.push_back({0, 0, picture.packet, packet.key});
    }
    set_times(index, *scanned);
    list_undecoded(index, *scanned, *decoded);
    index.packets = std::move(scanned->packets);
    index.counts = {declared_frames(media->stream(stream)), static_cast<std::int64_t>(index.packets.size()),
                    static_cast<std::int64_t>(index.frames.size())};
    progress(1);
    return index;
}

MediaContents media_contents(const std::filesystem::path& file) {
    const auto media = MediaFile::open(file);
    MediaContents contents;
    contents.container = media->container().iformat->name;
    for (unsigned number = 0; number < std::min(media->container().nb_streams, 64U); ++number) {
        const AVStream& stream = *media->container().streams[number];
        const AVMediaType type = stream.codecpar->codec_type;
        contents.streams.push_back({type == AVMEDIA_TYPE_VIDEO   ? ContainedStream::Kind::video
                                    : type == AVMEDIA_TYPE_AUDIO ? ContainedStream::Kind::audio
                                                                 : ContainedStream::Kind::other,
                                    static_cast<int>(number), avcodec_get_name(stream.codecpar->codec_id),
                                    (stream.disposition & AV_DISPOSITION_ATTACHED_PIC) != 0});
    }
    return contents;
}

bool looks_like_media(const std::filesystem::path& file) { return MediaFile::is_known_container(file); }

}  // namespace storage
