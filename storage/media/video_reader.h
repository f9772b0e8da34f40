#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <stop_token>

#include "schemas/frame.h"
#include "schemas/picture.h"
#include "storage/media/video_index.h"

struct AVFrame;

namespace storage {

class FrameCache;

// One decoded frame, as the decoder made it. Cheap to copy.
//
// Thread: any; it never changes.
class VideoFrame {
public:
    VideoFrame(schemas::FrameIndex index, std::shared_ptr<const AVFrame> native,
               std::shared_ptr<const VideoIndex> source);

    [[nodiscard]] schemas::FrameIndex index() const { return index_; }
    [[nodiscard]] std::size_t bytes() const;  // of memory held
    [[nodiscard]] const AVFrame& native() const { return *native_; }
    [[nodiscard]] const VideoProperties& properties() const { return source_->properties; }

    // Upright, in sRGB: rotation, range, matrix and alpha applied. With a limit, scaled down so that
    // neither side is longer than that.
    [[nodiscard]] schemas::Picture picture(int longest_side = 0) const;

private:
    schemas::FrameIndex index_;
    std::shared_ptr<const AVFrame> native_;
    std::shared_ptr<const VideoIndex> source_;
};

// What it took to reach the frames asked for so far.
struct SeekStats {
    std::int64_t requests = 0;
    std::int64_t cached = 0;   // answered without decoding
    std::int64_t seeks = 0;    // jumps within the file
    std::int64_t packets = 0;  // given to the decoder
    std::int64_t skipped = 0;  // packets of frames that nothing depends on, passed over
    std::int64_t decoded = 0;  // frames that the decoder gave
};

struct VideoReaderOptions {
    std::shared_ptr<FrameCache> cache;  // shared by readers; without one the reader keeps 256 MiB of its own
    int threads = 0;                    // of the decoder, 0: as many as there are cores
};

// Gives any frame of a video by its index, and never another: a decoded frame is known by the packet
// that it came from. Walking forwards never seeks; backward steps and near seeks are answered from
// decoded groups of pictures; on the way to a far frame, frames that nothing depends on are not decoded.
//
// Thread: one at a time.
class VideoReader {
public:
    // The index must be that of this file; throws ReadError when the file has changed since or is gone.
    VideoReader(const std::filesystem::path& file, std::shared_ptr<const VideoIndex> index,
                VideoReaderOptions options = {});
    ~VideoReader();
    VideoReader(VideoReader&&) noexcept;

    [[nodiscard]] const VideoIndex& index() const;

    // nullopt when stopped. Throws ReadError naming the frame when it cannot be decoded, and
    // std::out_of_range for an index that the video does not have.
    [[nodiscard]] std::optional<VideoFrame> frame(schemas::FrameIndex index, std::stop_token stop = {});

    [[nodiscard]] const SeekStats& stats() const;

private:
    class Decoding;
    std::unique_ptr<Decoding> decoding_;
};

}  // namespace storage
