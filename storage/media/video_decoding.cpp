#include "storage/media/video_decoding.h"

#include "storage/media/video_decoder.h"

namespace storage {

namespace {

void take_pictures(VideoDecoder& decoder, const ScannedPackets& scanned, DecodedPackets& decoded) {
    const auto count = static_cast<std::int64_t>(scanned.packets.size());
    while (auto picture = decoder.receive()) {
        const std::int64_t packet = picture->packet;
        if (packet < 0 || packet >= count ||
            scanned.promises[static_cast<std::size_t>(packet)] == PacketPromise::discarded)
            continue;
        const AVFrame& native = *picture->native;
        const bool damaged = native.decode_error_flags != 0 || (native.flags & AV_FRAME_FLAG_CORRUPT) != 0;
        decoded.shown.push_back({packet, damaged, native.width, native.height});
        if (!decoded.first) decoded.first = std::move(picture->native);
    }
}

}  // namespace

std::optional<DecodedPackets> decode_packets(PacketSource& source, const ScannedPackets& scanned, std::int64_t begin,
                                             std::int64_t end, const MediaLimits& limits,
                                             const std::function<void(double share)>& progress) {
    if (begin != source.position() && !source.go_to(begin)) return std::nullopt;
    VideoDecoder decoder(
        source.stream(), source.media().name(),
        {.threads = 0, .most_pixels = limits.most_pixels, .reorder_depth = reorder_depth(scanned.packets)});
    DecodedPackets decoded;
    const PacketPtr packet = new_packet();
    while (source.position() < end) {
        const std::int64_t number = source.position();
        const MediaFile::Next next = source.next(*packet);
        if (next == MediaFile::Next::stopped) return std::nullopt;
        if (next != MediaFile::Next::packet) break;
        decoder.send(*packet, number);
        take_pictures(decoder, scanned, decoded);
        if (std::string error = decoder.take_error(); !error.empty()) decoded.errors.emplace(number, std::move(error));
        if (number % 16 == 0) progress(static_cast<double>(number - begin) / static_cast<double>(end - begin));
    }
    decoder.finish();
    take_pictures(decoder, scanned, decoded);
    decoded.delay = decoder.delay();
    return decoded;
}

}  // namespace storage
