#include "storage/media/packet_source.h"

#include <utility>

namespace storage {

namespace {

// A parser may make incomplete packets of what lies around the place that was sought.
constexpr int most_unknown_packets = 64;
constexpr int most_earlier_keys = 4;

}  // namespace

PacketSource::PacketSource(const std::filesystem::path& file, int stream, const std::vector<IndexedPacket>& packets,
                           std::stop_token stop, const MediaLimits& limits)
    : file_(file), stream_(stream), packets_(packets), table_(packets), stop_(std::move(stop)), limits_(limits) {}

std::unique_ptr<PacketSource> PacketSource::open(const std::filesystem::path& file, int stream,
                                                 const std::vector<IndexedPacket>& packets, std::stop_token stop,
                                                 const MediaLimits& limits) {
    std::unique_ptr<PacketSource> source(new PacketSource(file, stream, packets, std::move(stop), limits));
    return source->reopen() ? std::move(source) : nullptr;
}

void PacketSource::watch(std::stop_token stop) {
    stop_ = std::move(stop);
    media_->watch(stop_);
}

bool PacketSource::reopen() {
    auto media = MediaFile::open(file_, stop_, limits_);
    if (!media) return false;
    if (stream_ >= static_cast<int>(media->container().nb_streams))
        throw ReadError(media->name() + ": the file has changed since it was imported. Import it again.");
    media_ = std::move(media);
    media_->keep_only(stream_);
    has_pending_ = false;
    next_ = 0;
    return true;
}

MediaFile::Next PacketSource::next(AVPacket& packet) {
    if (std::exchange(has_pending_, false)) {
        av_packet_unref(&packet);
        av_packet_move_ref(&packet, pending_.get());
        ++next_;
        return MediaFile::Next::packet;
    }
    const MediaFile::Next next = media_->next(packet);
    if (next != MediaFile::Next::packet) return next;
    if (!table_.is(packet, next_))
        throw ReadError(media_->name() + ": packet " + std::to_string(next_) +
                        " is not where it was: the file has changed since it was imported. Import it again.");
    ++next_;
    return next;
}

bool PacketSource::go_to(std::int64_t number) {
    ++seeks_;
    if (number > 0 && try_seeks(number)) return true;
    if (stop_.stop_requested() || !reopen()) return false;
    const PacketPtr passed = new_packet();
    while (next_ < number)
        if (next(*passed) != MediaFile::Next::packet) {
            if (stop_.stop_requested()) return false;
            throw ReadError(media_->name() + ": packet " + std::to_string(number) +
                            " cannot be read any more. Import the file again.");
        }
    return true;
}

bool PacketSource::try_seeks(std::int64_t number) {
    using SeekBy = MediaFile::SeekBy;
    std::int64_t key = number;
    for (int earlier = 0; earlier < most_earlier_keys && key >= 0; ++earlier) {
        const IndexedPacket& packet = packets_[static_cast<std::size_t>(key)];
        if (earlier == 0 && packet.has_pts && seek_near(number, packet.pts, SeekBy::time)) return true;
        if (packet.has_dts && seek_near(number, packet.dts, SeekBy::time)) return true;
        if (earlier == 0 && packet.position >= 0 && seek_near(number, packet.position, SeekBy::position)) return true;
        do --key;
        while (key > 0 && !packets_[static_cast<std::size_t>(key)].key);
    }
    return false;
}

bool PacketSource::seek_near(std::int64_t number, std::int64_t where, MediaFile::SeekBy by) {
    has_pending_ = false;
    return !stop_.stop_requested() && media_->seek(stream_, where, by) && find_place(number);
}

bool PacketSource::find_place(std::int64_t number) {
    int unknown = 0;
    std::optional<std::int64_t> last;
    while (!stop_.stop_requested() && media_->next(*pending_) == MediaFile::Next::packet) {
        const std::optional<std::int64_t> found = table_.number_of(*pending_);
        if (!found || (last && *found != *last + 1)) {
            if (++unknown > most_unknown_packets) return false;
            last = found;
            continue;
        }
        last = found;
        if (*found > number) return false;
        if (*found == number) {
            next_ = number;
            return has_pending_ = true;
        }
    }
    return false;
}

}  // namespace storage
