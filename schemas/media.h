#pragma once

#include <array>
#include <optional>
#include <string>

#include "schemas/annotation.h"
#include "schemas/id.h"
#include "schemas/row.h"

namespace schemas {

// How a file says when it was recorded. Only clocks of one kind can be compared.
enum class RecordingClock {
    time_stamps,   // each frame has the time of day, from 1970-01-01 or from some start that its device shares
    time_code,     // of the first frame, from midnight, counted in frames
    creation_time  // of the file, mostly in whole seconds
};

// What is known of the file that a stream was read from, as it was at import. A text is empty and a number 0
// where it says nothing about that kind of stream.
struct Media {
    StreamId id{};           // of the stream
    std::int64_t bytes = 0;  // of the file
    std::string container;   // FFmpeg's short name: "mov,mp4,m4a,3gp,3g2,mj2"
    std::string codec;       // "h264"
    std::string pixel_format;
    std::int64_t width = 0;  // as shown: after the rotation, before the sample aspect
    std::int64_t height = 0;
    std::int64_t rotation_degrees = 0;  // clockwise, to show it upright
    bool mirrored = false;
    std::int64_t sample_aspect_numerator = 1;  // of a stored pixel: width over height
    std::int64_t sample_aspect_denominator = 1;
    std::string colour_matrix;  // "bt601" "bt709" "bt2020" "rgb"
    std::string colour_range;   // "limited" "full"
    std::int64_t bits = 0;      // of a colour component
    bool alpha = false;
    std::int64_t channels = 0;         // of sound
    std::int64_t declared_frames = 0;  // what the container claims
    std::int64_t packets = 0;
    std::int64_t decodable_frames = 0;  // what frames are numbered over
    double start_seconds = 0;           // the first frame's time on the clock that the file's streams share
    // Of the first frame, in microseconds from where the clock starts.
    std::optional<Timestamp> recorded_at;
    std::optional<RecordingClock> recorded_by;

    bool operator==(const Media&) const = default;
};

template <>
struct EnumNames<RecordingClock> {
    static constexpr std::array<std::string_view, 3> names{"time stamps", "time code", "creation time"};
};
template <>
struct Table<Media> {
    static constexpr std::string_view name = "media";
    static constexpr auto fields = std::tuple{field("id", &Media::id),
                                              field("bytes", &Media::bytes),
                                              field("container", &Media::container),
                                              field("codec", &Media::codec),
                                              field("pixel_format", &Media::pixel_format),
                                              field("width", &Media::width),
                                              field("height", &Media::height),
                                              field("rotation_degrees", &Media::rotation_degrees),
                                              field("mirrored", &Media::mirrored),
                                              field("sample_aspect_numerator", &Media::sample_aspect_numerator),
                                              field("sample_aspect_denominator", &Media::sample_aspect_denominator),
                                              field("colour_matrix", &Media::colour_matrix),
                                              field("colour_range", &Media::colour_range),
                                              field("bits", &Media::bits),
                                              field("alpha", &Media::alpha),
                                              field("channels", &Media::channels),
                                              field("declared_frames", &Media::declared_frames),
                                              field("packets", &Media::packets),
                                              field("decodable_frames", &Media::decodable_frames),
                                              field("start_seconds", &Media::start_seconds),
                                              field("recorded_at", &Media::recorded_at),
                                              field("recorded_by", &Media::recorded_by)};
};

}  // namespace schemas
