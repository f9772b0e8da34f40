#include "storage/media/packet_promise.h"

#include <algorithm>
#include <array>
#include <string_view>

namespace storage {

namespace {

// Their packets are whole pictures, each with its own presentation time.
constexpr std::array<std::string_view, 2> exact_containers{"mov,mp4,m4a,3gp,3g2,mj2", "matroska,webm"};

constexpr std::int64_t most_checked_packets = 1500;  // of the last group: more are as well decoded from the start
constexpr std::int64_t most_first_packets = 300;

struct Group {
    std::int64_t begin = 0;
    std::int64_t end = 0;
};

// Up to a little behind the second key frame, so that the pictures around it are seen as well.
Group first_group(const std::vector<IndexedPacket>& packets) {
    const auto count = static_cast<std::int64_t>(packets.size());
    const auto second = std::ranges::find(packets.begin() + 1, packets.end(), true, &IndexedPacket::key);
    return {0, std::min({count, most_first_packets, second - packets.begin() + 32})};
}

Group last_group(const std::vector<IndexedPacket>& packets) {
    const auto key = std::ranges::find(packets.rbegin(), packets.rend(), true, &IndexedPacket::key);
    return {packets.rend() - key - 1, static_cast<std::int64_t>(packets.size())};
}

// The pictures of these packets that decoding from the first one must give: those before it in the order
// of presentation refer to what lies further back.
std::vector<std::int64_t> expected(const std::vector<ShownPicture>& promised, Group group) {
    std::vector<std::int64_t> packets;
    bool begun = group.begin == 0;
    for (const ShownPicture& picture : promised) {
        begun = begun || picture.packet == group.begin;
        if (begun && group.begin <= picture.packet && picture.packet < group.end) packets.push_back(picture.packet);
    }
    return packets;
}

}  // namespace

std::optional<std::vector<ShownPicture>> promised_pictures(const MediaFile& media, const ScannedPackets& scanned) {
    const auto container = media.container_name();
    const bool sound = std::ranges::find(exact_containers, container) != exact_containers.end() && scanned.countable &&
                       scanned.end_problem.empty() && !scanned.packets.empty() && scanned.packets.front().key;
    if (!sound) return std::nullopt;
    std::vector<ShownPicture> pictures;
    for (std::size_t number = 0; number < scanned.packets.size(); ++number) {
        const PacketPromise promise = scanned.promises[number];
        const bool clear = promise == PacketPromise::picture || promise == PacketPromise::nothing_shown;
        if (!clear || !scanned.packets[number].has_pts) return std::nullopt;
        if (promise == PacketPromise::picture) pictures.push_back({static_cast<std::int64_t>(number)});
    }
    const auto time_of = [&](const ShownPicture& picture) {
        return scanned.packets[static_cast<std::size_t>(picture.packet)].pts;
    };
    std::ranges::sort(pictures, {}, time_of);
    const bool repeats = std::ranges::adjacent_find(pictures, {}, time_of) != pictures.end();
    return pictures.empty() || repeats ? std::nullopt : std::optional(std::move(pictures));
}

PromiseCheck check_promise(PacketSource& source, const ScannedPackets& scanned,
                           const std::vector<ShownPicture>& promised, const MediaLimits& limits) {
    PromiseCheck check;
    const Group last = last_group(scanned.packets);
    Group first = first_group(scanned.packets);
    if (last.end - last.begin > most_checked_packets) return check;
    // Groups that touch are decoded as one.
    const bool together = last.begin < first.end;
    if (together) first.end = last.end;
    for (const Group group : {first, last}) {
        if (group.begin > 0 && together) break;
        auto decoded = decode_packets(source, scanned, group.begin, group.end, limits, [](double) {});
        if (!decoded) return {PromiseCheck::Outcome::stopped, nullptr};
        const bool damaged = std::ranges::any_of(decoded->shown, &ShownPicture::damaged) || !decoded->errors.empty();
        if (damaged || !std::ranges::equal(decoded->shown, expected(promised, group), {}, &ShownPicture::packet))
            return check;
        if (!check.first) check.first = std::move(decoded->first);
    }
    check.outcome = PromiseCheck::Outcome::kept;
    return check;
}

}  // namespace storage
