#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "schemas/frame.h"
#include "schemas/picture.h"
#include "storage/media/depth_reader.h"
#include "storage/media/video_index.h"

namespace storage {

struct VideoWriterOptions {
    std::string codec = "h264";  // h264 hevc vp8 vp9 av1 mpeg4 mjpeg ffv1
    std::string container;       // FFmpeg's muxer; empty: by the file's extension
    int width = 0;               // as stored
    int height = 0;
    std::string pixel_format = "yuv420p";  // "gray16le" takes depth pictures
    std::int64_t time_base_numerator = 1;  // seconds of one tick of the pts given to add()
    std::int64_t time_base_denominator = 1000;
    std::optional<schemas::FrameRate> declared_rate;
    int group_length = 250;  // frames between key frames at most
    int b_frames = 0;        // between two others, at most
    // adaptive: as many as the encoder finds worth it; regular: always as many, as cameras do it (h264 only).
    enum class Pattern { adaptive, regular } b_pattern = Pattern::adaptive;
    enum class Groups { closed, open } groups = Groups::closed;
    std::optional<int> quality;  // the codec's own scale (crf or q); lossy codecs have a usual one
    std::string preset;          // of x264, x265 …: "ultrafast"
    int rotation_degrees = 0;    // clockwise, to show it upright; only noted in the container
    ColourMatrix matrix = ColourMatrix::bt709;
    ColourRange range = ColourRange::limited;
    std::int64_t sample_aspect_numerator = 1;
    std::int64_t sample_aspect_denominator = 1;
    int threads = 1;                          // of the encoder; more may change the bytes
    std::map<std::string, std::string> tags;  // of the container: what the recording is

    struct Sound {
        int sample_rate = 48000;
        int channels = 1;
        std::string codec;  // aac opus pcm_s16le flac; empty: what suits the container
    };
    std::optional<Sound> sound;
};

// Writes one video, with or without sound. Frames are given in the order of presentation; each comes
// back as exactly the frame with that pts, nothing is rounded:
// - MP4 and MOV count in the ticks given. Frames before 0 are hidden by an edit list.
// - Matroska and WebM count in milliseconds, MPEG-TS in 1/90000 s; other times are refused. So is an
//   MPEG-TS with B-frames whose first pts leaves no room for decoding ahead.
// - AVI has no times: pts are 0, 1, 2 … frames at the declared rate. Those of MPEG-4 with B-frames come
//   back one frame later; no other codec may have B-frames there.
// MJPEG is always BT.601 and of full range. The sound begins with the first frame that is shown. The
// same calls write the same bytes, with one thread.
//
// Throws std::runtime_error that names the file, when the disk is full or the encoder is missing, and
// std::invalid_argument for a picture, time or option that does not fit.
//
// Thread: one at a time. Without close() the file is incomplete.
class VideoWriter {
public:
    VideoWriter(const std::filesystem::path& file, const VideoWriterOptions& options);
    ~VideoWriter();
    VideoWriter(VideoWriter&&) noexcept;

    void add(const schemas::Picture& picture, std::int64_t pts);
    void add(const DepthFrame& picture, std::int64_t pts);
    // Interleaved, -1 … 1, continuing where the last call ended.
    void add_sound(std::span<const float> samples);
    void close();

private:
    class Encoding;
    std::unique_ptr<Encoding> encoding_;
};

}  // namespace storage
