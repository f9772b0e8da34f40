#include "storage/media/video_index.h"

#include <algorithm>
#include <exception>
#include <fstream>
#include <future>
#include <thread>
#include <utility>

#include "storage/hash.h"
#include "storage/media/declared_length.h"
#include "storage/media/packet_promise.h"
#include "storage/media/packet_scan.h"
#include "storage/media/presentation_times.h"
#include "storage/media/video_decoding.h"
#include "storage/media/video_properties.h"

namespace storage {

namespace {

constexpr std::size_t most_named = 5;  // damaged frames, in the problems

// The hash of a file, computed while it is scanned.
class HashInBackground {
public:
    explicit HashInBackground(const std::filesystem::path& file)
        : thread_([this, file](const std::stop_token& stop) {
              try {
                  hash_.set_value(hash_of(file, stop));
              } catch (...) {
                  hash_.set_exception(std::current_exception());
              }
          }) {}

    // nullopt when stopped. To be called once.
    std::optional<std::string> wait(const std::stop_token& stop) {
        const std::stop_callback forward(stop, [this] { thread_.request_stop(); });
        return hash_.get_future().get();
    }

private:
    static std::optional<std::string> hash_of(const std::filesystem::path& file, const std::stop_token& stop) {
        std::ifstream stream(file, std::ios::binary);
        Sha256 hash;
        std::vector<char> piece(std::size_t{1} << 20U);
        do {
            if (stop.stop_requested()) return std::nullopt;
            stream.read(piece.data(), static_cast<std::streamsize>(piece.size()));
            hash.add(std::string_view(piece.data(), static_cast<std::size_t>(stream.gcount())));
        } while (stream);
        if (!stream.eof()) throw ReadError(file.filename().string() + ": could not be read to its end.");
        return hash.finish();
    }

    std::promise<std::optional<std::string>> hash_;
    std::jthread thread_;
};

// The times that the container gives the frames, which come in the order in which they are shown.
ShownTimes given_times(const VideoIndex& index, const ScannedPackets& scanned) {
    ShownTimes given;
    std::vector<std::int64_t> decoding;
    for (const IndexedFrame& frame : index.frames) {
        const auto number = static_cast<std::size_t>(frame.packet);
        const IndexedPacket& packet = scanned.packets[number];
        given.pts.push_back(packet.has_pts ? std::optional(packet.pts) : std::nullopt);
        given.durations.push_back(scanned.durations[number]);
        if (packet.has_dts) decoding.push_back(packet.dts);
    }
    // AVI has a slot for each frame, in the order of decoding; presentation times in it are guesses.
    if (index.properties.container == "avi" && decoding.size() == index.frames.size()) {
        std::ranges::sort(decoding);
        std::ranges::copy(decoding, given.pts.begin());
    }
    return given;
}

void set_frames(VideoIndex& index, const ScannedPackets& scanned, const std::vector<ShownPicture>& shown) {
    for (const ShownPicture& picture : shown)
        index.frames.push_back({0, 0, picture.packet, scanned.packets[static_cast<std::size_t>(picture.packet)].key});
    const ShownTimes given = given_times(index, scanned);
    IncreasingTimes times = increasing_times(given);
    for (std::size_t frame = 0; frame < index.frames.size(); ++frame) {
        index.frames[frame].pts = times.pts[frame];
        index.frames[frame].duration = given.durations[frame];
    }
    std::ranges::move(times.problems, std::back_inserter(index.problems));
}

// Why a packet gives no picture, where the decoder says nothing.
std::string silent_reason(const std::vector<IndexedPacket>& packets, std::int64_t number) {
    const auto first_key = std::ranges::find(packets, true, &IndexedPacket::key);
    const IndexedPacket& packet = packets[static_cast<std::size_t>(number)];
    if (number < first_key - packets.begin()) return "no key frame comes before it";
    if (packet.has_pts && first_key->has_pts && packet.pts < first_key->pts)
        return "it refers to a picture before the first key frame";
    return "the decoder makes no picture of it";
}

void list_undecoded(VideoIndex& index, const ScannedPackets& scanned, const DecodedPackets& decoded) {
    std::vector<bool> shown(scanned.packets.size());
    for (const IndexedFrame& frame : index.frames) shown[static_cast<std::size_t>(frame.packet)] = true;
    // Two fields make one picture, which has the packet of one of them.
    const auto other_field_shown = [&](std::size_t place) {
        return (place > 0 && shown[place - 1]) || (place + 1 < shown.size() && shown[place + 1]);
    };
    for (std::size_t place = 0; place < shown.size(); ++place) {
        const PacketPromise promise = scanned.promises[place];
        if (shown[place] || promise == PacketPromise::discarded || promise == PacketPromise::nothing_shown) continue;
        const IndexedPacket& packet = scanned.packets[place];
        const auto number = static_cast<std::int64_t>(place);
        const auto error = decoded.errors.lower_bound(number);
        const bool known = error != decoded.errors.end() && error->first <= number + decoded.delay;
        if (promise == PacketPromise::field && !known && other_field_shown(place)) continue;
        index.undecoded.push_back({number, packet.has_pts ? std::optional(packet.pts) : std::nullopt,
                                   known ? error->second : silent_reason(scanned.packets, number)});
    }
}

// The frame that is shown before the packet would be.
schemas::FrameIndex frame_before(const VideoIndex& index, const UndecodedPacket& packet) {
    schemas::FrameIndex before = -1;
    for (schemas::FrameIndex frame = 0; frame < index.size(); ++frame) {
        const IndexedFrame& shown = index.frames[static_cast<std::size_t>(frame)];
        if (packet.pts ? shown.pts < *packet.pts : shown.packet < packet.packet) before = frame;
    }
    return before;
}

void tell_undecoded(VideoIndex& index) {
    for (std::size_t place = 0; place < std::min(index.undecoded.size(), most_named); ++place) {
        const UndecodedPacket& packet = index.undecoded[place];
        const schemas::FrameIndex before = frame_before(index, packet);
        index.problems.push_back(
            (before < 0 ? "before frame 0" : "between frame " + std::to_string(before) + " and the next") +
            ": a picture cannot be decoded and has no number (packet " + std::to_string(packet.packet) + ": " +
            packet.reason + ")");
    }
    if (index.undecoded.size() > most_named)
        index.problems.push_back(std::to_string(index.undecoded.size() - most_named) +
                                 " more pictures cannot be decoded");
}

void tell_damaged(VideoIndex& index, const std::vector<ShownPicture>& shown) {
    std::string frames;
    std::size_t damaged = 0;
    for (std::size_t frame = 0; frame < shown.size(); ++frame)
        if (shown[frame].damaged && damaged++ < most_named)
            frames += (frames.empty() ? "" : ", ") + std::to_string(frame);
    if (damaged > most_named) frames += " and " + std::to_string(damaged - most_named) + " more";
    if (damaged > 0) index.problems.push_back("frame " + frames + ": damaged; what is shown is the decoder's guess");
}

void tell_other_sizes(VideoIndex& index, const std::vector<ShownPicture>& shown) {
    const auto changed = std::ranges::find_if(shown, [&](const ShownPicture& picture) {
        return picture.width != shown.front().width || picture.height != shown.front().height;
    });
    if (changed != shown.end())
        index.problems.push_back("frame " + std::to_string(changed - shown.begin()) + ": the picture is " +
                                 std::to_string(changed->width) + "x" + std::to_string(changed->height) +
                                 ", expected " + std::to_string(shown.front().width) + "x" +
                                 std::to_string(shown.front().height) + " as before; it is shown in its own size");
}

// One scan of one stream.
class VideoScan {
public:
    VideoScan(const std::filesystem::path& file, MediaFile& media, int stream, const ScanOptions& options,
              const std::function<void(double share)>& progress, const std::stop_token& stop)
        : file_(file),
          media_(media),
          stream_(stream),
          options_(options),
          limits_{.most_pixels = options.most_pixels},
          report_(progress),
          stop_(stop) {}

    // nullopt when stopped.
    std::optional<VideoIndex> run() {
        auto scanned = scan_packets(media_, stream_, [&](double share) { progress(scanning_share * share); });
        if (!scanned) return std::nullopt;
        scanned_ = std::move(*scanned);
        if (scanned_.end_problem.empty()) scanned_.end_problem = cut_off_words(file_, media_.bytes());
        if (scanned_.packets.empty())
            throw ReadError(media_.name() + ": its video stream holds no picture" + because(scanned_.end_problem) +
                            ".");
        source_ = PacketSource::open(file_, stream_, scanned_.packets, stop_, limits_);
        if (!source_ || !(options_.thoroughness == ScanOptions::Thoroughness::automatic && index_by_packets())) {
            if (stop_.stop_requested() || !index_by_decoding()) return std::nullopt;
        }
        if (!scanned_.end_problem.empty())
            index_.problems.push_back("the file cannot be read after packet " +
                                      std::to_string(scanned_.packets.size() - 1) + because(scanned_.end_problem));
        source_.reset();
        index_.packets = std::move(scanned_.packets);
        index_.counts = {declared_frames(media_.stream(stream_)), static_cast<std::int64_t>(index_.packets.size()),
                         static_cast<std::int64_t>(index_.frames.size())};
        tell_missing();
        return std::move(index_);
    }

private:
    static constexpr double scanning_share = 0.2;

    // Where streams do not lie side by side in the file, reading also goes backwards.
    void progress(double share) {
        if (share <= reported_) return;
        reported_ = share;
        report_(share);
    }

    static std::string because(const std::string& reason) { return reason.empty() ? "" : ": " + reason; }

    // False when the packets do not suffice.
    bool index_by_packets() {
        const auto promised = promised_pictures(media_, scanned_);
        if (!promised) return false;
        const PromiseCheck check = check_promise(*source_, scanned_, *promised, limits_);
        if (check.outcome != PromiseCheck::Outcome::kept) return false;
        index_.method = ScanMethod::packets;
        index_.properties = properties_of(media_, stream_, *check.first, index_.problems);
        set_frames(index_, scanned_, *promised);
        return true;
    }

    // False when stopped.
    bool index_by_decoding() {
        const auto count = static_cast<std::int64_t>(scanned_.packets.size());
        const auto decoded = decode_packets(*source_, scanned_, 0, count, limits_, [&](double share) {
            progress(scanning_share + (1 - scanning_share) * share);
        });
        if (!decoded) return false;
        if (!decoded->first)
            throw ReadError(media_.name() + ": none of its " + std::to_string(count) + " pictures can be decoded" +
                            because(decoded->errors.empty() ? "" : decoded->errors.begin()->second) + ".");
        index_.method = ScanMethod::decoding;
        index_.properties = properties_of(media_, stream_, *decoded->first, index_.problems);
        set_frames(index_, scanned_, decoded->shown);
        list_undecoded(index_, scanned_, *decoded);
        tell_undecoded(index_);
        tell_damaged(index_, decoded->shown);
        tell_other_sizes(index_, decoded->shown);
        // What the decoder makes up for lost pictures also depends on those that nothing refers to.
        if (!index_.undecoded.empty() || std::ranges::any_of(decoded->shown, &ShownPicture::damaged))
            for (IndexedPacket& packet : scanned_.packets) packet.disposable = false;
        return true;
    }

    void tell_missing() {
        const FrameCounts& counts = index_.counts;
        if (counts.packets < counts.declared)
            index_.problems.push_back("the container declares " + std::to_string(counts.declared) +
                                      " frames, but the file holds " + std::to_string(counts.packets));
    }

    const std::filesystem::path& file_;
    MediaFile& media_;
    int stream_;
    const ScanOptions& options_;
    MediaLimits limits_;
    const std::function<void(double share)>& report_;
    double reported_ = 0;
    const std::stop_token& stop_;
    ScannedPackets scanned_;
    std::unique_ptr<PacketSource> source_;
    VideoIndex index_;
};

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
    const auto media = MediaFile::open(file, stop, {.most_pixels = options.most_pixels});
    if (!media) return std::nullopt;
    const int stream = chosen_video_stream(*media, options.stream);
    HashInBackground hash(file);
    auto index = VideoScan(file, *media, stream, options, progress, stop).run();
    if (!index) return std::nullopt;
    auto digest = hash.wait(stop);
    if (!digest) return std::nullopt;
    media->require_unchanged();
    index->sha256 = std::move(*digest);
    index->file_bytes = media->bytes();
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
