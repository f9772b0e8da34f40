#include "storage/media/video_reader.h"

extern "C" {
#include <libavutil/frame.h>
}

#include <algorithm>
#include <limits>
#include <set>
#include <stdexcept>
#include <utility>

#include "storage/media/frame_cache.h"
#include "storage/media/packet_scan.h"
#include "storage/media/packet_source.h"
#include "storage/media/picture_conversion.h"
#include "storage/media/video_decoder.h"

namespace storage {

namespace {

using schemas::FrameIndex;

constexpr std::size_t own_cache_bytes = std::size_t{256} << 20U;
constexpr std::int64_t near_packets = 16;      // reading on over so many is cheaper than a seek
constexpr FrameIndex near_backwards = 32;      // a step back of at most so many is a walk backwards
constexpr FrameIndex backward_run = 12;        // frames that a walk backwards decodes at once, also over key frames
constexpr std::int64_t patience_packets = 48;  // a picture comes this soon after its packet, beside the known delay

}  // namespace

VideoFrame::VideoFrame(FrameIndex index, std::shared_ptr<const AVFrame> native,
                       std::shared_ptr<const VideoIndex> source)
    : index_(index), native_(std::move(native)), source_(std::move(source)) {}

std::size_t VideoFrame::bytes() const {
    std::size_t bytes = sizeof(AVFrame);
    for (const AVBufferRef* buffer : native_->buf)
        if (buffer != nullptr) bytes += static_cast<std::size_t>(buffer->size);
    return bytes;
}

schemas::Picture VideoFrame::picture(int longest_side) const {
    return converted(*native_, source_->properties, longest_side);
}

class VideoReader::Decoding {
public:
    Decoding(const std::filesystem::path& file, std::shared_ptr<const VideoIndex> index, VideoReaderOptions options)
        : index_(std::move(index)),
          cache_(options.cache ? std::move(options.cache) : std::make_shared<FrameCache>(own_cache_bytes)),
          cache_source_(cache_->new_source()),
          packets_(opened(file, *index_)),
          decoder_(packets_->stream(), packets_->media().name(),
                   {.threads = options.threads, .reorder_depth = reorder_depth(index_->packets)}),
          frame_of_packet_(index_->packets.size(), -1) {
        for (FrameIndex frame = index_->size(); frame-- > 0;)
            frame_of_packet_[static_cast<std::size_t>(packet_of(frame))] = frame;
        for (FrameIndex frame = 0; frame < index_->size(); ++frame)
            if (index_->frames[static_cast<std::size_t>(frame)].key) keys_.push_back(frame);
    }
    ~Decoding() { cache_->forget(cache_source_); }

    [[nodiscard]] const VideoIndex& index() const { return *index_; }
    [[nodiscard]] const SeekStats& stats() const { return stats_; }

    std::optional<VideoFrame> frame(FrameIndex wanted, std::stop_token stop) {
        ++stats_.requests;
        const bool backwards = wanted < last_request_ && last_request_ - wanted <= near_backwards;
        last_request_ = wanted;
        if (auto cached = cache_->get(cache_source_, wanted)) {
            ++stats_.cached;
            return cached;
        }
        packets_->media().require_unchanged();
        packets_->watch(stop);
        keep_from_ = std::max<FrameIndex>(0, wanted + 1 - frames_kept());
        decode_from_ = backwards ? keep_from_ : wanted;
        return decoded(wanted, backwards ? std::max(keep_from_, wanted - backward_run) : wanted, stop);
    }

private:
    enum class Walk { found, missed, stopped };

    static std::unique_ptr<PacketSource> opened(const std::filesystem::path& file, const VideoIndex& index) {
        auto source = PacketSource::open(file, index.properties.stream, index.packets);
        if (source->media().bytes() != index.file_bytes)
            throw ReadError(source->media().name() + ": the file is " + std::to_string(source->media().bytes()) +
                            " bytes long, expected " + std::to_string(index.file_bytes) +
                            ": it has changed since it was imported. Import it again.");
        return source;
    }

    [[nodiscard]] std::int64_t packet_of(FrameIndex frame) const {
        return index_->frames[static_cast<std::size_t>(frame)].packet;
    }

    // How many decoded frames may lie in the cache: half of it, for other videos share it.
    [[nodiscard]] FrameIndex frames_kept() const {
        return std::max<FrameIndex>(1, static_cast<FrameIndex>(cache_->budget() / 2 / frame_bytes_));
    }

    // The last packet from which decoding gives `wanted`; 0 where no key frame comes before it.
    [[nodiscard]] std::int64_t start_for(FrameIndex wanted, std::int64_t before) const {
        auto key = std::ranges::upper_bound(keys_, wanted);
        while (key != keys_.begin())
            if (const std::int64_t packet = packet_of(*--key); packet <= packet_of(wanted) && packet < before)
                return packet;
        return 0;
    }

    [[nodiscard]] bool can_walk_to(FrameIndex wanted, std::int64_t start) const {
        if (!running_ || wanted < first_frame_) return false;
        const std::int64_t packet = packet_of(wanted);
        if (in_flight_.contains(packet)) return true;
        return !finished_ && packet >= packets_->position() && start <= packets_->position() + near_packets;
    }

    // Decodes from the key frame for `from` on.
    std::optional<VideoFrame> decoded(FrameIndex wanted, FrameIndex from, const std::stop_token& stop) {
        std::int64_t start = start_for(from, std::numeric_limits<std::int64_t>::max());
        bool walk = can_walk_to(wanted, start);
        for (;;) {
            if (!walk && !begin_at(start)) return std::nullopt;
            switch (walk_to(wanted, stop)) {
                case Walk::found:
                    return std::exchange(found_, std::nullopt);
                case Walk::stopped:
                    return std::nullopt;
                case Walk::missed:
                    break;
            }
            // Perhaps decoding began too late for it: an earlier key frame may help.
            if (!std::exchange(walk, false)) {
                if (start == 0)
                    throw ReadError(packets_->media().name() + ": frame " + std::to_string(wanted) +
                                    " cannot be decoded (packet " + std::to_string(packet_of(wanted)) + ").");
                start = start_for(wanted, start);
            }
        }
    }

    bool begin_at(std::int64_t packet) {
        running_ = finished_ = false;
        in_flight_.clear();
        last_packet_ = -1;
        decoder_.flush();
        const bool there = packets_->go_to(packet);
        stats_.seeks = packets_->seeks();
        running_ = there;
        first_frame_ = packet == 0 ? 0 : frame_of_packet_[static_cast<std::size_t>(packet)];
        return there;
    }

    Walk walk_to(FrameIndex wanted, const std::stop_token& stop) {
        const std::int64_t last_packet = packet_of(wanted) + decoder_.delay() + patience_packets;
        for (;;) {
            if (take_picture(wanted)) return Walk::found;
            if (got_picture_) continue;
            if (finished_ || packets_->position() > last_packet) return Walk::missed;
            if (stop.stop_requested()) return Walk::stopped;
            if (feed(wanted) == MediaFile::Next::stopped) return Walk::stopped;
        }
    }

    MediaFile::Next feed(FrameIndex wanted) {
        const std::int64_t number = packets_->position();
        const MediaFile::Next next = packets_->next(*packet_);
        if (next == MediaFile::Next::stopped) return next;
        if (next != MediaFile::Next::packet) {
            decoder_.finish();
            finished_ = true;
            return next;
        }
        const FrameIndex shown = frame_of_packet_[static_cast<std::size_t>(number)];
        if (index_->packets[static_cast<std::size_t>(number)].disposable && 0 <= shown && shown < wanted &&
            shown < decode_from_) {
            ++stats_.skipped;
            return next;
        }
        ++stats_.packets;
        decoder_.send(*packet_, number);
        if (shown >= 0) in_flight_.insert(number);
        return next;
    }

    // True when the wanted frame came, which is then in found_.
    bool take_picture(FrameIndex wanted) {
        auto picture = decoder_.receive();
        got_picture_ = picture.has_value();
        if (!picture) return false;
        ++stats_.decoded;
        in_flight_.erase(picture->packet);
        const FrameIndex frame = frame_of_picture(picture->packet);
        if (frame < 0) return false;
        VideoFrame decoded(frame, std::shared_ptr<const AVFrame>(std::move(picture->native)), index_);
        frame_bytes_ = decoded.bytes();
        if (frame >= keep_from_) cache_->put(cache_source_, decoded);
        if (frame != wanted) return false;
        found_ = std::move(decoded);
        return true;
    }

    // A packet may hold several frames, which come out one after another.
    FrameIndex frame_of_picture(std::int64_t packet) {
        if (packet < 0 || packet >= static_cast<std::int64_t>(frame_of_packet_.size())) return -1;
        FrameIndex frame = frame_of_packet_[static_cast<std::size_t>(packet)];
        repeats_ = packet == last_packet_ ? repeats_ + 1 : 0;
        last_packet_ = packet;
        if (frame < 0 || repeats_ == 0) return frame;
        frame += repeats_;
        return frame < index_->size() && packet_of(frame) == packet ? frame : -1;
    }

    std::shared_ptr<const VideoIndex> index_;
    std::shared_ptr<FrameCache> cache_;
    std::uint64_t cache_source_;
    std::unique_ptr<PacketSource> packets_;
    VideoDecoder decoder_;
    std::vector<FrameIndex> frame_of_packet_;  // the first one, -1: none
    std::vector<FrameIndex> keys_;
    PacketPtr packet_ = new_packet();

    bool running_ = false;   // the decoder has been fed without a gap since packet of first_frame_
    bool finished_ = false;  // and has got the last one
    FrameIndex first_frame_ = 0;
    std::set<std::int64_t> in_flight_;  // packets whose pictures are to come
    std::int64_t last_packet_ = -1;
    FrameIndex repeats_ = 0;

    FrameIndex last_request_ = -1;
    FrameIndex keep_from_ = 0;    // frames from here on go into the cache
    FrameIndex decode_from_ = 0;  // and from here on none is passed over
    bool got_picture_ = false;
    std::optional<VideoFrame> found_;
    std::size_t frame_bytes_ = std::size_t{4} << 20U;  // of the last frame; a guess before the first
    SeekStats stats_;
};

VideoReader::VideoReader(const std::filesystem::path& file, std::shared_ptr<const VideoIndex> index,
                         VideoReaderOptions options)
    : decoding_(std::make_unique<Decoding>(file, std::move(index), std::move(options))) {}
VideoReader::~VideoReader() = default;
VideoReader::VideoReader(VideoReader&&) noexcept = default;

const VideoIndex& VideoReader::index() const { return decoding_->index(); }
const SeekStats& VideoReader::stats() const { return decoding_->stats(); }

std::optional<VideoFrame> VideoReader::frame(schemas::FrameIndex index, std::stop_token stop) {
    if (index < 0 || index >= decoding_->index().size())
        throw std::out_of_range("There is no frame " + std::to_string(index) + " among " +
                                std::to_string(decoding_->index().size()) + ".");
    return decoding_->frame(index, std::move(stop));
}

}  // namespace storage
