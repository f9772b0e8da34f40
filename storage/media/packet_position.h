#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "storage/media/video_index.h"

struct AVPacket;

namespace storage {

// Tells which packet of an index one is that a container gave, wherever reading began: by its place in the
// file, else by its times.
//
// Thread: any, after construction. Keeps a pointer to the packets.
class PacketTable {
public:
    explicit PacketTable(const std::vector<IndexedPacket>& packets);

    // nullopt where no packet or more than one fits.
    [[nodiscard]] std::optional<std::int64_t> number_of(const AVPacket& packet) const;
    [[nodiscard]] bool is(const AVPacket& packet, std::int64_t number) const;

private:
    const std::vector<IndexedPacket>* packets_;
    std::vector<std::int64_t> sorted_;  // numbers, by what identifies a packet
};

}  // namespace storage
