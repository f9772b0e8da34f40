#pragma once

#include <optional>

#include "storage/media/packet_source.h"
#include "storage/media/video_decoding.h"

namespace storage {

// The pictures that the packets promise, in the order of presentation; nullopt where only decoding tells
// which frames come out. The rules are in docs/media.md.
std::optional<std::vector<ShownPicture>> promised_pictures(const MediaFile& media, const ScannedPackets& scanned);

// What decoding the first and the last group of pictures says about the promise.
struct PromiseCheck {
    enum class Outcome { kept, broken, stopped } outcome = Outcome::broken;
    FramePtr first;  // the first picture
};
PromiseCheck check_promise(PacketSource& source, const ScannedPackets& scanned,
                           const std::vector<ShownPicture>& promised, const MediaLimits& limits);

}  // namespace storage
