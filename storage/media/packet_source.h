#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <stop_token>
#include <vector>

#include "storage/media/media_file.h"
#include "storage/media/packet_position.h"
#include "storage/media/video_index.h"

namespace storage {

// The packets of an indexed stream, from wherever is asked for; each is known by its number.
//
// Thread: one at a time. Keeps a reference to the packets of the index. Throws ReadError when the file is not the one
// that was indexed.
class PacketSource {
public:
    // nullptr when stopped.
    static std::unique_ptr<PacketSource> open(const std::filesystem::path& file, int stream,
                                              const std::vector<IndexedPacket>& packets, std::stop_token stop = {},
                                              const MediaLimits& limits = {});

    void watch(std::stop_token stop);
    [[nodiscard]] MediaFile& media() { return *media_; }
    [[nodiscard]] AVStream& stream() { return media_->stream(stream_); }
    [[nodiscard]] const std::vector<IndexedPacket>& packets() const { return packets_; }

    // The number of the packet that next() gives.
    [[nodiscard]] std::int64_t position() const { return next_; }
    MediaFile::Next next(AVPacket& packet);

    // Makes next() give packet `number`, by seeking to it or before it and reading on. False when stopped.
    bool go_to(std::int64_t number);
    [[nodiscard]] std::int64_t seeks() const { return seeks_; }

private:
    PacketSource(const std::filesystem::path& file, int stream, const std::vector<IndexedPacket>& packets,
                 std::stop_token stop, const MediaLimits& limits);
    bool seek_near(std::int64_t number, std::int64_t where, MediaFile::SeekBy by);
    bool try_seeks(std::int64_t number);
    bool find_place(std::int64_t number);
    bool reopen();

    std::filesystem::path file_;
    int stream_;
    const std::vector<IndexedPacket>& packets_;
    PacketTable table_;
    std::stop_token stop_;
    MediaLimits limits_;
    std::unique_ptr<MediaFile> media_;
    PacketPtr pending_ = new_packet();
    bool has_pending_ = false;  // `pending_` is packet next_, already read
    std::int64_t next_ = 0;
    std::int64_t seeks_ = 0;
};

}  // namespace storage
