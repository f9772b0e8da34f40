#include "storage/media/audio_index.h"

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "storage/media/audio_decoder.h"
#include "storage/media/media_file.h"

namespace storage {

namespace {

constexpr double tolerated_gap_seconds = 0.04;  // time stamps are rounded, and clocks drift
constexpr double longest_gap_seconds = 600;     // time stamps that jump further are wrong
constexpr double longest_gaps_seconds = 7200;   // all of them together
constexpr double longest_sound_seconds = 48.0 * 3600;
constexpr std::size_t most_problems = 30;
constexpr std::size_t silence_piece = 65536;

std::string seconds_text(double seconds) {
    char text[40];
    std::snprintf(text, sizeof text, "%.3f s", seconds);
    return text;
}

IndexedPacket indexed(const AVPacket& packet) {
    IndexedPacket entry;
    entry.position = packet.pos;
    entry.size = packet.size;
    entry.has_pts = packet.pts != AV_NOPTS_VALUE;
    entry.has_dts = packet.dts != AV_NOPTS_VALUE;
    entry.pts = entry.has_pts ? packet.pts : 0;
    entry.dts = entry.has_dts ? packet.dts : 0;
    entry.key = (packet.flags & AV_PKT_FLAG_KEY) != 0;
    return entry;
}

// Lays what packets give on one time line.
class SoundScan {
public:
    SoundScan(MediaFile& media, int stream, const SoundSink& sink)
        : media_(media), stream_(media.stream(stream)), sink_(sink), decoder_(stream_, media.name()) {
        index_.stream = stream;
        index_.codec = avcodec_get_name(stream_.codecpar->codec_id);
    }

    void take(const AVPacket& packet) {
        index_.packets.push_back(indexed(packet));
        index_.sounds.push_back({index_.samples, 0, 0});
        place(decoder_.decode(&packet), expected_samples(packet));
    }

    [[nodiscard]] bool is_too_long() const {
        return index_.sample_rate > 0 && index_.duration_seconds() > longest_sound_seconds;
    }

    void add_problem(const std::string& what) {
        if (index_.problems.size() < most_problems)
            index_.problems.push_back(what);
        else
            ++unlisted_;
    }

    AudioIndex finish() {
        if (!index_.packets.empty()) {
            DecodedSound rest = decoder_.decode(nullptr);
            rest.pts.reset();  // it goes on where the last packet's ended
            rest.skip_begin = 0;
            place(rest, 0);
        }
        tell_damage();
        if (index_.samples == 0)
            throw ReadError(media_.name() + ": sound stream " + std::to_string(index_.stream) + " (" + index_.codec +
                            ") gives not one sample" + (first_damage_.empty() ? "." : ": " + first_damage_ + "."));
        if (unlisted_ > 0) index_.problems.push_back("… and " + std::to_string(unlisted_) + " problems more");
        return std::move(index_);
    }

private:
    // Of a packet that does not decode: what the container says, else as many as the one before.
    [[nodiscard]] std::int64_t expected_samples(const AVPacket& packet) const {
        if (packet.duration <= 0 || index_.sample_rate == 0) return usual_samples_;
        const AVRational samples{1, index_.sample_rate};
        return std::clamp<std::int64_t>(av_rescale_q(packet.duration, stream_.time_base, samples), 0,
                                        index_.sample_rate);
    }

    void place(const DecodedSound& sound, std::int64_t expected) {
        if (index_.sample_rate == 0) {
            index_.sample_rate = decoder_.sample_rate();
            index_.channels = decoder_.channels();
        }
        if (!sound.problem.empty() && first_damage_.empty()) first_damage_ = sound.problem;
        if (index_.sample_rate == 0) return;
        const auto width = static_cast<std::size_t>(index_.channels);
        const auto given = static_cast<std::int64_t>(sound.samples.size() / width);
        const auto skipped = std::min<std::int64_t>(sound.skip_begin, given);
        const auto kept = std::max<std::int64_t>(0, given - skipped - sound.skip_end);
        if (sound.pts && kept > 0) follow_clock(*sound.pts, skipped);
        PacketSamples& place = index_.sounds.back();
        if (place.count == 0) {
            place.first = index_.samples;
            place.skipped = static_cast<std::int32_t>(skipped);
        }
        place.count += static_cast<std::int32_t>(kept);
        sink_(std::span(sound.samples)
                  .subspan(static_cast<std::size_t>(skipped) * width, static_cast<std::size_t>(kept) * width),
              index_.sample_rate, index_.channels);
        if (!sound.problem.empty()) note_damage(sound.problem, std::max(given, expected));
        index_.samples += kept;
        if (sound.problem.empty() && given > 0) usual_samples_ = given;
        if (!sound.problem.empty() && given < expected) add_silence(expected - given);
    }

    // Silence where the time stamps leave a gap; the start of the clock at the first of them.
    void follow_clock(std::int64_t pts, std::int64_t skipped) {
        const double rate = index_.sample_rate;
        const double heard = static_cast<double>(pts) * av_q2d(stream_.time_base) + static_cast<double>(skipped) / rate;
        if (!clock_) {
            clock_ = index_.start_seconds = heard - static_cast<double>(index_.samples) / rate;
            return;
        }
        const double gap = heard - *clock_ - static_cast<double>(index_.samples) / rate;
        if (std::abs(gap) <= tolerated_gap_seconds) return;
        const std::string at = seconds_text(index_.duration_seconds());
        if (gap > 0 && gap <= longest_gap_seconds && gaps_seconds_ + gap <= longest_gaps_seconds) {
            gaps_seconds_ += gap;
            const bool after_damage = damaged_ && index_.samples <= damage_end_;
            if (!after_damage) add_problem("the sound has a gap of " + seconds_text(gap) + " at " + at + ": silence");
            add_silence(std::llround(gap * rate));
            if (after_damage) damage_end_ = index_.samples;
            return;
        }
        add_problem("the time stamps of the sound jump by " + seconds_text(gap) + " at " + at +
                    "; what follows may be out of step with the picture");
        *clock_ += gap;
    }

    void add_silence(std::int64_t count) {
        static const std::vector<float> silence(silence_piece);
        index_.samples += count;
        const auto width = static_cast<std::size_t>(index_.channels);
        const std::size_t piece = silence_piece / width;
        for (auto rest = static_cast<std::size_t>(count); rest > 0;) {
            const std::size_t now = std::min(rest, piece);
            sink_(std::span(silence).first(now * width), index_.sample_rate, index_.channels);
            rest -= now;
        }
    }

    // Damage that goes on over many packets is one problem.
    void note_damage(const std::string& what, std::int64_t samples) {
        if (damaged_ && index_.samples > damage_end_ + index_.sample_rate / 10) tell_damage();
        if (!damaged_) {
            damaged_ = true;
            damage_begin_ = index_.samples;
            damage_ = what;
        }
        damage_end_ = index_.samples + samples;
    }

    void tell_damage() {
        if (!damaged_) return;
        const double rate = index_.sample_rate;
        add_problem("the sound cannot be decoded from " + seconds_text(static_cast<double>(damage_begin_) / rate) +
                    " to " + seconds_text(static_cast<double>(damage_end_) / rate) + " (" + damage_ + "): silence");
        damaged_ = false;
    }

    MediaFile& media_;
    AVStream& stream_;
    const SoundSink& sink_;
    AudioDecoder decoder_;
    AudioIndex index_;
    std::optional<double> clock_;  // when sample 0 would be heard by the newest time stamps, seconds
    double gaps_seconds_ = 0;
    std::int64_t usual_samples_ = 0;
    std::size_t unlisted_ = 0;
    bool damaged_ = false;
    std::int64_t damage_begin_ = 0, damage_end_ = 0;
    std::string damage_, first_damage_;
};

int sound_stream(MediaFile& media, std::optional<int> wanted) {
    AVFormatContext& container = media.container();
    if (!wanted) {
        const int best = av_find_best_stream(&container, AVMEDIA_TYPE_AUDIO, -1, -1, nullptr, 0);
        if (best >= 0) return best;
        throw ReadError(media.name() + ": there is no sound in it.");
    }
    const int streams = static_cast<int>(container.nb_streams);
    if (*wanted < 0 || *wanted >= streams)
        throw ReadError(media.name() + ": there is no stream " + std::to_string(*wanted) + "; it has " +
                        std::to_string(streams) + ", counted from 0.");
    if (media.stream(*wanted).codecpar->codec_type != AVMEDIA_TYPE_AUDIO)
        throw ReadError(media.name() + ": stream " + std::to_string(*wanted) + " is no sound.");
    return *wanted;
}

}  // namespace

std::optional<AudioIndex> scan_audio(const std::filesystem::path& file, const AudioScanOptions& options,
                                     const SoundSink& sink, const std::function<void(double share)>& progress,
                                     std::stop_token stop) {
    const auto media = MediaFile::open(file, stop);
    if (!media) return std::nullopt;
    const int stream = sound_stream(*media, options.stream);
    media->keep_only(stream);
    media->watch(stop);
    SoundScan scan(*media, stream, sink);
    const PacketPtr packet = new_packet();
    for (std::int64_t count = 0;; ++count) {
        const MediaFile::Next next = media->next(*packet);
        if (next == MediaFile::Next::stopped) return std::nullopt;
        if (next == MediaFile::Next::unreadable) scan.add_problem("the sound ends early: " + media->last_error());
        if (next != MediaFile::Next::packet) break;
        scan.take(*packet);
        if (scan.is_too_long()) {
            scan.add_problem("the sound is longer than 48 hours; the rest is left out");
            break;
        }
        if (count % 256 == 0)
            progress(static_cast<double>(media->position()) /
                     static_cast<double>(std::max<std::int64_t>(1, media->bytes())));
    }
    return scan.finish();
}

}  // namespace storage
