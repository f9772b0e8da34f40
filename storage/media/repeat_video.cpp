#include "storage/media/repeat_video.h"

#include <algorithm>
#include <limits>
#include <stdexcept>
#include <string>
#include <vector>

#include "storage/media/ffmpeg_ptr.h"
#include "storage/media/media_file.h"

namespace storage {

namespace {

struct Piece {
    std::unique_ptr<MediaFile> file;
    AVStream* stream = nullptr;
    std::vector<PacketPtr> packets;
    std::int64_t ticks = 0;  // from its first frame to that of the next piece
};

Piece piece_in(const std::filesystem::path& path) {
    Piece piece;
    piece.file = MediaFile::open(path);
    const int number = av_find_best_stream(&piece.file->container(), AVMEDIA_TYPE_VIDEO, -1, -1, nullptr, 0);
    if (number < 0) throw ReadError(piece.file->name() + ": holds no video.");
    piece.stream = &piece.file->stream(number);
    piece.file->keep_only(number);
    std::int64_t begin = std::numeric_limits<std::int64_t>::max(), end = 0;
    for (PacketPtr packet = new_packet(); piece.file->next(*packet) == MediaFile::Next::packet; packet = new_packet()) {
        begin = std::min(begin, packet->pts);
        end = std::max(end, packet->pts + packet->duration);
        piece.packets.push_back(std::move(packet));
    }
    piece.ticks = end - begin;
    return piece;
}

}  // namespace

void repeat_video(const std::filesystem::path& path, const std::filesystem::path& target, int times) {
    const Piece piece = piece_in(path);
    const auto require = [&](int result) {
        if (result < 0) throw std::runtime_error(target.string() + ": " + words_of_ffmpeg_error(result));
    };
    AVFormatContext* made = nullptr;
    require(avformat_alloc_output_context2(&made, nullptr, "mp4", target.string().c_str()));
    const OutputPtr output(made);
    AVStream* stream = avformat_new_stream(output.get(), nullptr);
    if (stream == nullptr) throw std::bad_alloc();
    require(avcodec_parameters_copy(stream->codecpar, piece.stream->codecpar));
    stream->time_base = piece.stream->time_base;
    stream->avg_frame_rate = piece.stream->avg_frame_rate;
    require(avio_open(&output->pb, target.string().c_str(), AVIO_FLAG_WRITE));
    require(avformat_write_header(output.get(), nullptr));
    const PacketPtr copy = new_packet();
    for (int time = 0; time < times; ++time) {
        for (const PacketPtr& packet : piece.packets) {
            require(av_packet_ref(copy.get(), packet.get()));
            copy->stream_index = 0;
            copy->pts += time * piece.ticks;
            copy->dts += time * piece.ticks;
            av_packet_rescale_ts(copy.get(), piece.stream->time_base, stream->time_base);
            require(av_write_frame(output.get(), copy.get()));
            av_packet_unref(copy.get());
        }
    }
    require(av_write_trailer(output.get()));
    require(avio_closep(&output->pb));
}

}  // namespace storage
