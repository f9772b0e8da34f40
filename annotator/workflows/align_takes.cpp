#include "annotator/workflows/align_takes.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "annotator/workflows/recorded_files.h"
#include "inference/audio_alignment.h"
#include "storage/media/audio_reader.h"

namespace annotator {

namespace {

using schemas::RecordingClock;
using schemas::StreamClock;

constexpr int sample_rate = 8'000;  // what align_audio() is content with

// The clock of a file against that of the reference's file.
struct FileClock {
    double ratio = 1;
    double offset_seconds = 0;  // other file's seconds = ratio * reference file's seconds + offset
    double confidence = 0;
    std::string note;
};

StreamClock clock_of(const RecordedStream& stream, const RecordedStream& reference, const FileClock& file) {
    return {file.ratio, file.ratio * reference.media.start_seconds + file.offset_seconds - stream.media.start_seconds};
}

FileClock file_clock(const RecordedStream& stream, const RecordedStream& reference, const StreamClock& clock) {
    return {clock.clock_ratio,
            clock.offset_seconds + stream.media.start_seconds - clock.clock_ratio * reference.media.start_seconds, 1,
            "set by hand"};
}

double seconds_of(const RecordedStream& recorded) {
    const schemas::FrameRate rate = recorded.stream->rate();
    return static_cast<double>(recorded.stream->frames) / rate.per_second();
}

// How far the stamps of a clock can be trusted to tell which frame belongs to which.
double confidence_of(RecordingClock clock, schemas::Timestamp reference, schemas::Timestamp other) {
    constexpr schemas::Timestamp second = 1'000'000;
    switch (clock) {
        case RecordingClock::time_stamps:
            return 0.95;
        case RecordingClock::time_code:
            return 0.9;
        case RecordingClock::creation_time:
            return reference % second != 0 && other % second != 0 ? 0.5 : 0.1;
    }
    return 0;
}

// nullopt where the files carry no stamps of one kind.
std::optional<FileClock> by_timestamps(const RecordedFile& reference, const RecordedFile& other) {
    for (const RecordingClock kind :
         {RecordingClock::time_stamps, RecordingClock::time_code, RecordingClock::creation_time}) {
        const RecordedStream *here = reference.stamped(kind), *there = other.stamped(kind);
        if (here == nullptr || there == nullptr) continue;
        double apart =
            (static_cast<double>(*here->media.recorded_at) - static_cast<double>(*there->media.recorded_at)) / 1e6;
        constexpr double day = 86'400;
        if (kind == RecordingClock::time_code) apart = std::remainder(apart, day);  // it starts again at midnight
        FileClock clock;
        clock.offset_seconds = apart - here->media.start_seconds + there->media.start_seconds;
        clock.confidence = confidence_of(kind, *here->media.recorded_at, *there->media.recorded_at);
        clock.note = "by " + std::string(schemas::to_text(kind));
        if (clock.confidence < 0.2) clock.note += ", which are known to the second only";
        if (apart > seconds_of(*there) || apart < -seconds_of(*here)) {
            clock.confidence = 0;
            clock.note += "; by these the recordings do not overlap";
        }
        return clock;
    }
    return std::nullopt;
}

// The sound at 8 kHz, as one channel. nullopt when stopped.
std::optional<std::vector<float>> sound_of(ProjectSession& session, const RecordedStream& recorded,
                                           const std::stop_token& stop) {
    const auto path = session.store().resolved_path(recorded.stream->path);
    storage::AudioScanOptions options;
    options.stream = static_cast<int>(recorded.stream->container_stream);
    auto index = storage::scan_audio(
        path, options, [](std::span<const float>, int, int) {}, [](double) {}, stop);
    if (!index) return std::nullopt;
    std::vector<float> samples;
    const bool whole = storage::read_mono(
        path, std::make_shared<const storage::AudioIndex>(std::move(*index)), sample_rate,
        [&](std::span<const float> more) { samples.insert(samples.end(), more.begin(), more.end()); }, stop);
    return whole ? std::optional(std::move(samples)) : std::nullopt;
}

class Aligning {
public:
    Aligning(ProjectSession& session, const AlignOptions& options, const JobContext& job)
        : session_(session), options_(options), job_(job) {}

    // False when stopped.
    bool align(const schemas::Take& take) {
        const schemas::Stream* wanted = nullptr;
        if (!options_.stream.empty()) {
            const auto called = streams_called(session_.document(), take.id, options_.stream);
            if (called.empty()) return true;
            wanted = called.front();
        }
        const auto files = recorded_files(session_, take.id);
        reference_sound_.clear();
        for (const RecordedFile& file : files) {
            const bool reference = &file == &files.front();
            if (wanted == nullptr ? reference || !can_be_found(file) : wanted->sha256 != file.first().stream->sha256)
                continue;
            if (reference)
                throw EditConflict(wanted->path +
                                   ": is the file of the take's reference, which the others are aligned to");
            job_.report({"Aligning " + file.first().stream->path, static_cast<double>(found.size()), 0});
            AlignmentFound result;
            result.take = take.name;
            result.path = file.first().stream->path;
            const FileClock clock = find(files.front(), file, wanted, result);
            if (job_.stop.stop_requested()) return false;
            take_over(result, clock, files.front().first(), file);
        }
        return true;
    }

    std::vector<AlignmentFound> found;

private:
    static bool can_be_found(const RecordedFile& file) {
        return file.sound() != nullptr || std::ranges::any_of(file.streams, [](const RecordedStream& stream) {
                   return stream.media.recorded_at.has_value();
               });
    }

    FileClock find(const RecordedFile& reference, const RecordedFile& file, const schemas::Stream* wanted,
                   AlignmentFound& result) {
        if (options_.by == AlignBy::hand) {
            result.by = AlignBy::hand;
            const auto named = std::ranges::find(file.streams, wanted, &RecordedStream::stream);
            return file_clock(*named, reference.first(), options_.hand);
        }
        std::optional<FileClock> stamped;
        if (options_.by != AlignBy::audio) stamped = by_timestamps(reference, file);
        if (stamped && (stamped->confidence >= options_.least_confidence || options_.by)) {
            result.by = AlignBy::timestamps;
            return *stamped;
        }
        if (options_.by == AlignBy::timestamps) {
            result.by = AlignBy::timestamps;
            return {1, 0, 0, "the two files carry no time stamps of one kind"};
        }
        return by_audio(reference, file);
    }

    FileClock by_audio(const RecordedFile& reference, const RecordedFile& file) try {
        const RecordedStream *here = reference.sound(), *there = file.sound();
        if (here == nullptr || there == nullptr)
            return {1, 0, 0, std::string("the ") + (here == nullptr ? "reference" : "file") + " has no sound"};
        if (reference_sound_.empty()) reference_sound_ = sound_of(session_, *here, job_.stop).value_or(Sound());
        const auto other = sound_of(session_, *there, job_.stop);
        if (!other) return {};
        inference::AudioAlignmentOptions asked;
        asked.least_confidence = 0;  // what is too weak is said, not hidden
        const auto match = inference::align_audio(reference_sound_, *other, sample_rate, asked, job_.stop);
        if (!match) return {1, 0, 0, "the sounds have no passage in common"};
        // align_audio: seconds in the reference = offset + ratio * seconds in the other, both from their first samples.
        const double ratio = 1 / match->clock_ratio;
        return {ratio, there->media.start_seconds - ratio * (here->media.start_seconds + match->offset_seconds),
                match->confidence, "by sound"};
    } catch (const storage::ReadError& error) {
        return {1, 0, 0, error.what()};
    }

    void take_over(AlignmentFound& result, const FileClock& clock, const RecordedStream& reference,
                   const RecordedFile& file) {
        result.confidence = clock.confidence;
        result.note = clock.note;
        for (const RecordedStream& stream : file.streams)
            result.streams.push_back({stream.stream->id, clock_of(stream, reference, clock)});
        result.clock = result.streams.front().clock;
        const bool sure = clock.confidence > 0 && clock.confidence >= options_.least_confidence;
        result.outcome = sure ? AlignmentFound::Outcome::aligned : AlignmentFound::Outcome::refused;
        found.push_back(std::move(result));
    }

    using Sound = std::vector<float>;
    ProjectSession& session_;
    const AlignOptions& options_;
    const JobContext& job_;
    Sound reference_sound_;  // of the take at hand, once it was needed
};

}  // namespace

std::optional<std::vector<AlignmentFound>> align_takes(ProjectSession& session, const AlignOptions& options,
                                                       const JobContext& job) {
    const Document& document = session.document();
    if (!options.take.empty() && take_named(document, options.take) == nullptr)
        throw EditConflict("there is no take '" + options.take + "'");
    if (options.by == AlignBy::hand && options.stream.empty())
        throw EditConflict("an offset is of one stream; name it");
    Aligning aligning(session, options, job);
    for (const auto& [id, take] : document.rows<schemas::Take>())
        if (options.take.empty() || take.name == options.take)
            if (!aligning.align(take)) return std::nullopt;
    if (aligning.found.empty() && !options.stream.empty())
        throw EditConflict("there is no stream '" + options.stream + "'" +
                           (options.take.empty() ? "" : " in take '" + options.take + "'"));
    std::vector<StreamAlignment> alignments;
    for (const AlignmentFound& found : aligning.found)
        if (found.outcome == AlignmentFound::Outcome::aligned)
            alignments.insert(alignments.end(), found.streams.begin(), found.streams.end());
    session.commit([&](const EditStamp&) { return set_stream_alignment(document, alignments); });
    return std::move(aligning.found);
}

}  // namespace annotator
