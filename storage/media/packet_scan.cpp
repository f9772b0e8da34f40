#include "storage/media/packet_scan.h"

namespace storage {

namespace {

IndexedPacket indexed(const AVPacket& packet) {
    IndexedPacket entry;
    entry.position = packet.pos;
    entry.size = packet.size;
    entry.has_pts = packet.pts != AV_NOPTS_VALUE;
    entry.has_dts = packet.dts != AV_NOPTS_VALUE;
    if (entry.has_pts) entry.pts = packet.pts;
    if (entry.has_dts) entry.dts = packet.dts;
    entry.key = (packet.flags & AV_PKT_FLAG_KEY) != 0;
    entry.disposable = (packet.flags & AV_PKT_FLAG_DISPOSABLE) != 0;
    return entry;
}

}  // namespace

std::optional<ScannedPackets> scan_packets(MediaFile& media, int stream,
                                           const std::function<void(double share)>& progress) {
    ScannedPackets scanned;
    media.keep_only(stream);
    const PacketPtr packet = new_packet();
    for (;;) {
        switch (media.next(*packet)) {
            case MediaFile::Next::stopped:
                return std::nullopt;
            case MediaFile::Next::unreadable:
                scanned.end_problem = media.last_error();
                return scanned;
            case MediaFile::Next::end:
                return scanned;
            case MediaFile::Next::packet:
                break;
        }
        scanned.packets.push_back(indexed(*packet));
        scanned.durations.push_back(packet->duration);
        scanned.unshown.push_back((packet->flags & AV_PKT_FLAG_DISCARD) != 0);
        if (scanned.packets.size() % 256 == 0)
            progress(static_cast<double>(media.position()) / static_cast<double>(media.bytes()));
    }
}

}  // namespace storage
