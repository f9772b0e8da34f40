#include "storage/media/recording_clock.h"

extern "C" {
#include <libavutil/dict.h>
#include <libavutil/parseutils.h>
#include <libavutil/timecode.h>
}

#include <cmath>

#include "storage/media/media_file.h"

namespace storage {

namespace {

using schemas::RecordingClock;

// In September 2001 the seconds since 1970 had ten digits; no recording is as long, and none is of the year 5138.
constexpr double since_1970 = 1e9, until_5138 = 1e11;

schemas::Timestamp microseconds(double seconds) { return std::llround(seconds * 1e6); }

// Of the stream, else of the file.
const char* tag(MediaFile& media, const AVStream& stream, const char* name) {
    for (const AVDictionary* tags : {stream.metadata, media.container().metadata})
        if (const AVDictionaryEntry* entry = av_dict_get(tags, name, nullptr, 0)) return entry->value;
    return nullptr;
}

// Time codes count frames from midnight; the count begins with the file's first frame.
std::optional<RecordedAt> by_time_code(MediaFile& media, const AVStream& stream) {
    const char* text = tag(media, stream, "timecode");
    const AVRational rate = stream.avg_frame_rate;
    AVTimecode code;
    if (text == nullptr || rate.num <= 0 || rate.den <= 0 ||
        av_timecode_init_from_string(&code, rate, text, nullptr) < 0)
        return std::nullopt;
    return RecordedAt{RecordingClock::time_code, microseconds(code.start * av_q2d(av_inv_q(rate)))};
}

std::optional<RecordedAt> by_creation_time(MediaFile& media, const AVStream& stream, double start_seconds) {
    const char* text = tag(media, stream, "creation_time");
    std::int64_t made = 0;
    if (text == nullptr || av_parse_time(&made, text, 0) < 0 || made <= 0) return std::nullopt;
    return RecordedAt{RecordingClock::creation_time, made + microseconds(start_seconds)};
}

}  // namespace

std::optional<RecordedAt> recorded_at(const std::filesystem::path& file, int stream_number, double start_seconds) try {
    if (start_seconds >= since_1970 && start_seconds < until_5138)
        return RecordedAt{RecordingClock::time_stamps, microseconds(start_seconds)};
    if (std::abs(start_seconds) >= since_1970) return std::nullopt;
    const auto media = MediaFile::open(file);
    if (stream_number < 0 || static_cast<unsigned>(stream_number) >= media->container().nb_streams) return std::nullopt;
    const AVStream& stream = media->stream(stream_number);
    if (const auto found = by_time_code(*media, stream)) return found;
    return by_creation_time(*media, stream, start_seconds);
} catch (const ReadError&) {
    return std::nullopt;
}

}  // namespace storage
