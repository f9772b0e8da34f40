#include "storage/media/packet_scan.h"

#include <algorithm>

#include "storage/media/packet_structure.h"

namespace storage {

namespace {

constexpr std::ptrdiff_t deepest_reordering = 16;  // of H.264 and HEVC

class PacketScan {
public:
    explicit PacketScan(const AVStream& stream) : examiner_(*stream.codecpar) {}

    void add(const AVPacket& packet) {
        const PacketStructure structure = examiner_.examine({packet.data, static_cast<std::size_t>(packet.size)});
        const bool key = (packet.flags & AV_PKT_FLAG_KEY) != 0;
        IndexedPacket entry;
        entry.position = packet.pos;
        entry.size = packet.size;
        entry.has_pts = packet.pts != AV_NOPTS_VALUE;
        entry.has_dts = packet.dts != AV_NOPTS_VALUE;
        if (entry.has_pts) entry.pts = packet.pts;
        if (entry.has_dts) entry.dts = packet.dts;
        entry.key = key && (structure.entry || !examiner_.knows_entries());
        entry.disposable = structure.disposable;
        scanned_.packets.push_back(entry);
        scanned_.durations.push_back(packet.duration);
        scanned_.promises.push_back(promise_of(packet, structure));
        layers_.push_back(static_cast<std::int8_t>(structure.temporal_layer));
    }

    ScannedPackets finish() {
        scanned_.countable = examiner_.counts_pictures();
        const std::int8_t highest = layers_.empty() ? std::int8_t{0} : std::ranges::max(layers_);
        for (std::size_t number = 0; number < layers_.size(); ++number)
            if (layers_[number] < highest) scanned_.packets[number].disposable = false;
        return std::move(scanned_);
    }

    ScannedPackets& scanned() { return scanned_; }

private:
    static PacketPromise promise_of(const AVPacket& packet, const PacketStructure& structure) {
        if ((packet.flags & AV_PKT_FLAG_DISCARD) != 0) return PacketPromise::discarded;
        if ((packet.flags & AV_PKT_FLAG_CORRUPT) != 0) return PacketPromise::unclear;
        switch (structure.pictures) {
            case PacketStructure::Pictures::one:
                return PacketPromise::picture;
            case PacketStructure::Pictures::one_field:
                return PacketPromise::field;
            case PacketStructure::Pictures::none_shown:
                return PacketPromise::nothing_shown;
            case PacketStructure::Pictures::unclear:
                break;
        }
        return PacketPromise::unclear;
    }

    PacketExaminer examiner_;
    ScannedPackets scanned_;
    std::vector<std::int8_t> layers_;
};

}  // namespace

std::optional<ScannedPackets> scan_packets(MediaFile& media, int stream,
                                           const std::function<void(double share)>& progress) {
    media.keep_only(stream);
    PacketScan scan(media.stream(stream));
    const PacketPtr packet = new_packet();
    for (;;) {
        const MediaFile::Next next = media.next(*packet);
        if (next == MediaFile::Next::stopped) return std::nullopt;
        if (next == MediaFile::Next::unreadable) scan.scanned().end_problem = media.last_error();
        if (next != MediaFile::Next::packet) return scan.finish();
        scan.add(*packet);
        if (scan.scanned().packets.size() % 256 == 0)
            progress(static_cast<double>(media.position()) / static_cast<double>(media.bytes()));
    }
}

int reorder_depth(const std::vector<IndexedPacket>& packets) {
    std::ptrdiff_t depth = 0;
    for (auto packet = packets.begin(); packet != packets.end(); ++packet) {
        if (!packet->has_pts) return 0;
        const auto window = packet - std::min(packet - packets.begin(), deepest_reordering);
        depth = std::max(depth, std::count_if(window, packet,
                                              [&](const IndexedPacket& earlier) { return earlier.pts > packet->pts; }));
    }
    return static_cast<int>(depth);
}

}  // namespace storage
