#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "schemas/frame.h"
#include "schemas/row.h"

namespace storage {

enum class ColourMatrix { bt601, bt709, bt2020, rgb };
enum class ColourRange { limited, full };

// How a video is stored and is to be shown.
struct VideoProperties {
    int stream = 0;            // its place in the container, as FFmpeg and ffprobe count
    std::string container;     // FFmpeg's short name: "mov,mp4,m4a,3gp,3g2,mj2"
    std::string codec;         // "h264"
    std::string pixel_format;  // as stored: "yuv420p10le"
    int width = 0;             // as shown: after the rotation, before the sample aspect
    int height = 0;
    int rotation_degrees = 0;                  // clockwise, applied to show it upright: 0 90 180 270
    bool mirrored = false;                     // flipped left to right before the rotation
    std::int64_t sample_aspect_numerator = 1;  // of a stored pixel: width over height
    std::int64_t sample_aspect_denominator = 1;
    std::int64_t time_base_numerator = 0;  // seconds of one tick
    std::int64_t time_base_denominator = 1;
    schemas::FrameRate declared_rate;  // what the container says; shown, never computed with
    ColourMatrix matrix = ColourMatrix::bt709;
    ColourRange range = ColourRange::limited;
    int bits = 8;  // of a colour component
    bool alpha = false;
};

// One frame, in the order of presentation.
struct IndexedFrame {
    std::int64_t pts = 0;       // ticks, as the container says; strictly increasing over the index
    std::int64_t duration = 0;  // ticks, 0 where not known
    std::int64_t packet = 0;    // the packet that it decodes from, counted from 0 in decoding order
    bool key = false;           // decoding can begin here
};

// A packet that gives no frame although it should.
struct UndecodedPacket {
    std::int64_t packet = 0;
    std::optional<std::int64_t> pts;
    std::string reason;
};

// Where a packet is, so that decoding can begin at it and name what comes out.
struct IndexedPacket {
    std::int64_t position = -1;  // bytes from the start of the file, -1 where the container does not say
    std::int64_t pts = 0;        // ticks; meaningless where `has_pts` is false
    std::int64_t dts = 0;
    std::int32_t size = 0;
    bool has_pts = false;
    bool has_dts = false;
    bool key = false;
    bool disposable = false;  // no other frame is decoded from it
};

enum class ScanMethod { packets, decoding };

struct FrameCounts {
    std::int64_t declared = 0;  // what the container claims, 0 where it says nothing
    std::int64_t packets = 0;
    std::int64_t decodable = 0;  // what frames are numbered over
};

// Every frame of one video stream: the only source of frame numbers. Built by one scan of the file.
struct VideoIndex {
    VideoProperties properties;
    std::vector<IndexedFrame> frames;    // frame i of the stream is frames[i]
    std::vector<IndexedPacket> packets;  // in decoding order
    std::vector<UndecodedPacket> undecoded;
    FrameCounts counts;
    ScanMethod method = ScanMethod::packets;
    std::string sha256;                 // of the file
    std::int64_t file_bytes = 0;        // its length
    std::vector<std::string> problems;  // what a user should know: missing or repeated time stamps, a cut-off end …

    [[nodiscard]] schemas::FrameIndex size() const { return static_cast<schemas::FrameIndex>(frames.size()); }
    [[nodiscard]] double seconds_from(std::int64_t ticks) const;
    // Times from the first frame on, in seconds: seconds[0] is 0; and the pts themselves.
    [[nodiscard]] schemas::FrameTable table() const;
};

struct ScanOptions {
    std::optional<int> stream;  // of the container; else the one FFmpeg calls best
    // automatic decodes only where packets do not tell for sure which frames come out.
    enum class Thoroughness { automatic, decode_everything } thoroughness = Thoroughness::automatic;
    std::int64_t most_pixels = 16384LL * 16384LL;  // of one picture; larger ones are refused
};

// Reads a video once from end to end. `progress` gets the share that is done. nullopt when stopped.
// Throws ReadError that says what the file is instead, for whatever is no video that gives a frame.
//
// Thread: any.
std::optional<VideoIndex> scan_video(const std::filesystem::path& file, const ScanOptions& options,
                                     const std::function<void(double share)>& progress, std::stop_token stop);

// What a container holds, without reading it to its end.
struct ContainedStream {
    enum class Kind { video, audio, other } kind = Kind::other;
    int stream = 0;
    std::string codec;
    bool cover_picture = false;  // a still picture that belongs to the file, no recording
};
struct MediaContents {
    std::string container;
    std::vector<ContainedStream> streams;
};

// Throws ReadError for a file that is no media. At most the first 64 streams are listed.
MediaContents media_contents(const std::filesystem::path& file);

// By content, cheaply, never throwing: whether FFmpeg knows it as a container of moving pictures or sound.
bool looks_like_media(const std::filesystem::path& file);

}  // namespace storage

namespace schemas {

template <>
struct EnumNames<storage::ColourMatrix> {
    static constexpr std::array<std::string_view, 4> names{"bt601", "bt709", "bt2020", "rgb"};
};
template <>
struct EnumNames<storage::ColourRange> {
    static constexpr std::array<std::string_view, 2> names{"limited", "full"};
};

}  // namespace schemas
