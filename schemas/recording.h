#pragma once

#include <array>
#include <optional>
#include <string>

#include "schemas/alignment.h"
#include "schemas/id.h"
#include "schemas/row.h"

namespace schemas {

struct Performer {
    PerformerId id{};
    std::string name;

    bool operator==(const Performer&) const = default;
};

// One performance, recorded by one or more streams. The optional names are what splits
// group by.
struct Take {
    TakeId id{};
    std::string name;
    std::optional<std::string> choreography;
    std::optional<std::string> music;
    std::optional<std::string> view;
    std::optional<std::string> setup;

    bool operator==(const Take&) const = default;
};

enum class StreamKind { video, depth, skeleton, audio };
// A take has exactly one reference stream; its frames number the take.
enum class StreamRole { reference, aligned };

// One recording of a take: a file, a folder of pictures, or one stream of a file that holds
// several. `path` is relative to the project folder where it can be. `clock` says which of its
// frames is shown with which of the reference.
//
// Of sound, `frames` counts samples of one channel and the rate is that of sampling.
struct Stream {
    StreamId id{};
    TakeId take{};
    std::optional<PerformerId> performer;
    StreamKind kind = StreamKind::skeleton;
    StreamRole role = StreamRole::aligned;
    std::string format;  // the reader's name: "msr-skeleton", "bvh" …
    std::string path;
    std::string sha256;     // lower-case hex, of the file as imported
    FrameIndex frames = 0;  // decoded
    std::int64_t rate_numerator = 0;
    std::int64_t rate_denominator = 1;
    double offset_seconds = 0;
    std::optional<std::string> layout;  // of a skeleton stream
    std::int64_t container_stream = 0;  // which stream of the file, as FFmpeg and ffprobe count
    double clock_ratio = 1;             // seconds of this stream in a second of the reference

    bool operator==(const Stream&) const = default;
    [[nodiscard]] FrameRate rate() const { return {rate_numerator, rate_denominator}; }
    [[nodiscard]] StreamClock clock() const { return {clock_ratio, offset_seconds}; }
};

// What gets labelled: a take or a part of one, in frames of the take's reference stream.
struct Clip {
    ClipId id{};
    TakeId take{};
    std::string name;  // unique in the project
    FrameIndex begin_frame = 0;
    FrameIndex end_frame = 0;

    bool operator==(const Clip&) const = default;
    [[nodiscard]] FrameSpan span() const { return {begin_frame, end_frame}; }
};

template <>
struct EnumNames<StreamKind> {
    static constexpr std::array<std::string_view, 4> names{"video", "depth", "skeleton", "audio"};
};
template <>
struct EnumNames<StreamRole> {
    static constexpr std::array<std::string_view, 2> names{"reference", "aligned"};
};

template <>
struct Table<Performer> {
    static constexpr std::string_view name = "performer";
    static constexpr auto fields = std::tuple{field("id", &Performer::id), field("name", &Performer::name)};
};
template <>
struct Table<Take> {
    static constexpr std::string_view name = "take";
    static constexpr auto fields =
        std::tuple{field("id", &Take::id),       field("name", &Take::name), field("choreography", &Take::choreography),
                   field("music", &Take::music), field("view", &Take::view), field("setup", &Take::setup)};
};
template <>
struct Table<Stream> {
    static constexpr std::string_view name = "stream";
    static constexpr auto fields = std::tuple{field("id", &Stream::id),
                                              field("take", &Stream::take),
                                              field("performer", &Stream::performer),
                                              field("kind", &Stream::kind),
                                              field("role", &Stream::role),
                                              field("format", &Stream::format),
                                              field("path", &Stream::path),
                                              field("sha256", &Stream::sha256),
                                              field("frames", &Stream::frames),
                                              field("rate_numerator", &Stream::rate_numerator),
                                              field("rate_denominator", &Stream::rate_denominator),
                                              field("offset_seconds", &Stream::offset_seconds),
                                              field("layout", &Stream::layout),
                                              later_field("container_stream", &Stream::container_stream),
                                              later_field("clock_ratio", &Stream::clock_ratio)};
};
template <>
struct Table<Clip> {
    static constexpr std::string_view name = "clip";
    static constexpr auto fields =
        std::tuple{field("id", &Clip::id), field("take", &Clip::take), field("name", &Clip::name),
                   field("begin_frame", &Clip::begin_frame), field("end_frame", &Clip::end_frame)};
};

}  // namespace schemas
