#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>

#include "schemas/frame.h"
#include "schemas/picture.h"
#include "storage/media/video_index.h"

namespace storage {

// Where the proxy of a video lies in a folder of proxies: known by the hash of the video and the number
// of its stream.
std::filesystem::path proxy_file(const std::filesystem::path& folder, const VideoIndex& index);

struct ProxyOptions {
    int longest_side = 320;
    int quality = 5;  // of JPEG as FFmpeg counts, 2 (best) to 31
    int threads = 0;  // of the decoder, 0: as many as there are cores
};

// Decodes a whole video and keeps a small JPEG of each frame, by the frame's index. The proxy appears
// whole or not at all, with the folders on the way. False when stopped. Frames that do not decode have no preview.
// Throws ReadError for the video, WriteError for the proxy.
//
// Thread: any; `progress` gets the share that is done.
bool make_proxy(const std::filesystem::path& video, const std::shared_ptr<const VideoIndex>& index,
                const std::filesystem::path& proxy, const ProxyOptions& options,
                const std::function<void(double share)>& progress, std::stop_token stop);

// Small pictures of a video, each within milliseconds, to look at while the exact frame is on its way.
// Frame i of the video is preview i, and no other.
//
// Thread: one at a time.
class ScrubProxy {
public:
    // nullopt where there is no proxy, or where it is damaged or another video's. Never throws for what
    // a file holds.
    static std::optional<ScrubProxy> open(const std::filesystem::path& proxy, const VideoIndex& index);
    ~ScrubProxy();
    ScrubProxy(ScrubProxy&&) noexcept;
    ScrubProxy& operator=(ScrubProxy&&) noexcept;

    // Upright, in sRGB. nullopt where the frame did not decode or the file has been damaged since.
    // Throws std::out_of_range for an index that the video does not have.
    [[nodiscard]] std::optional<schemas::Picture> preview(schemas::FrameIndex index);

private:
    class Opened;
    explicit ScrubProxy(std::unique_ptr<Opened> opened);
    std::unique_ptr<Opened> opened_;
};

}  // namespace storage
