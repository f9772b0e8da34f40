#include "storage/media/packet_position.h"

#include <algorithm>
#include <numeric>
#include <tuple>

#include "storage/media/ffmpeg_ptr.h"

namespace storage {

namespace {

// Times can come out otherwise after a seek, so they count only where there is no place.
using Identity = std::tuple<std::int64_t, std::int32_t, std::int64_t>;

Identity identity_of(const IndexedPacket& packet) {
    if (packet.position >= 0) return {packet.position, packet.size, 0};
    return {-1, packet.size, packet.has_pts ? packet.pts : packet.has_dts ? packet.dts : AV_NOPTS_VALUE};
}

Identity identity_of(const AVPacket& packet) {
    if (packet.pos >= 0) return {packet.pos, packet.size, 0};
    return {-1, packet.size, packet.pts != AV_NOPTS_VALUE ? packet.pts : packet.dts};
}

}  // namespace

PacketTable::PacketTable(const std::vector<IndexedPacket>& packets) : packets_(&packets), sorted_(packets.size()) {
    std::iota(sorted_.begin(), sorted_.end(), 0);
    std::ranges::stable_sort(
        sorted_, {}, [&](std::int64_t number) { return identity_of(packets[static_cast<std::size_t>(number)]); });
}

std::optional<std::int64_t> PacketTable::number_of(const AVPacket& packet) const {
    const auto found = std::ranges::equal_range(sorted_, identity_of(packet), {}, [&](std::int64_t number) {
        return identity_of((*packets_)[static_cast<std::size_t>(number)]);
    });
    return found.size() == 1 ? std::optional(found.front()) : std::nullopt;
}

bool PacketTable::is(const AVPacket& packet, std::int64_t number) const {
    return 0 <= number && number < static_cast<std::int64_t>(packets_->size()) &&
           identity_of(packet) == identity_of((*packets_)[static_cast<std::size_t>(number)]);
}

}  // namespace storage
