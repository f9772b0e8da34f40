#include "storage/media/video_decoding.h"

#include <algorithm>

#include "storage/media/video_decoder.h"

namespace storage {

namespace {

class StreamDecoding {
public:
    StreamDecoding(const AVStream& stream, const std::string& name, const VideoDecoderOptions& options,
                   const ScannedPackets& scanned)
        : decoder_(stream, name, options), scanned_(scanned) {}

    void give(const AVPacket& packet, std::int64_t number) {
        decoder_.send(packet, number);
        take_pictures();
        if (std::string error = decoder_.take_error(); !error.empty())
            decoded_.errors.emplace(number, std::move(error));
    }

    DecodedStream finish() {
        decoder_.finish();
        take_pictures();
        return std::move(decoded_);
    }

private:
    void take_pictures() {
        while (auto picture = decoder_.receive()) {
            const std::int64_t packet = picture->packet;
            if (packet < 0 || packet >= static_cast<std::int64_t>(scanned_.packets.size()) ||
                scanned_.unshown[static_cast<std::size_t>(packet)])
                continue;
            const AVFrame& native = *picture->native;
            decoded_.shown.push_back(
                {packet, native.decode_error_flags != 0 || (native.flags & AV_FRAME_FLAG_CORRUPT) != 0});
            if (!decoded_.first) decoded_.first = std::move(picture->native);
        }
    }

    VideoDecoder decoder_;
    const ScannedPackets& scanned_;
    DecodedStream decoded_;
};

}  // namespace

std::optional<DecodedStream> decode_stream(const std::filesystem::path& file, int stream, const ScannedPackets& scanned,
                                           const MediaLimits& limits, const std::function<void(double share)>& progress,
                                           const std::stop_token& stop) {
    const auto media = MediaFile::open(file, stop, limits);
    if (!media) return std::nullopt;
    media->keep_only(stream);
    StreamDecoding decoding(media->stream(stream), media->name(), {.threads = 0, .most_pixels = limits.most_pixels},
                            scanned);
    const PacketPtr packet = new_packet();
    for (std::int64_t number = 0;; ++number) {
        const MediaFile::Next next = media->next(*packet);
        if (next == MediaFile::Next::stopped) return std::nullopt;
        if (next != MediaFile::Next::packet) break;
        decoding.give(*packet, number);
        if (number % 16 == 0)
            progress(static_cast<double>(number) /
                     static_cast<double>(std::max<std::size_t>(1, scanned.packets.size())));
    }
    DecodedStream decoded = decoding.finish();
    if (!decoded.first) {
        std::string why = decoded.errors.empty() ? "" : ": " + decoded.errors.begin()->second;
        throw ReadError(media->name() + ": none of its " + std::to_string(scanned.packets.size()) +
                        " packets gives a picture" + why + ".");
    }
    return decoded;
}

}  // namespace storage
