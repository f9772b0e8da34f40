#include "annotator/workflows/sound_summary.h"

#include <algorithm>

#include "inference/onsets.h"
#include "schemas/alignment.h"
#include "storage/media/audio_reader.h"

namespace annotator {

namespace {

constexpr int lowest_rate_with_beats = 4000;

bool has_video(const std::filesystem::path& file) {
    const storage::MediaContents contents = storage::media_contents(file);
    return std::ranges::any_of(contents.streams, [](const storage::ContainedStream& stream) {
        return stream.kind == storage::ContainedStream::Kind::video && !stream.cover_picture;
    });
}

std::vector<std::optional<schemas::FrameIndex>> frames_of(const inference::Beats& beats,
                                                          const storage::AudioIndex& sound,
                                                          const storage::VideoIndex& video) {
    std::vector<std::optional<schemas::FrameIndex>> frames;
    for (const double seconds : beats.seconds)
        frames.push_back(frame_from_container_seconds(video, sound.start_seconds + seconds));
    return frames;
}

}  // namespace

std::optional<schemas::FrameIndex> frame_from_container_seconds(const storage::VideoIndex& video, double seconds) {
    if (video.frames.empty()) return std::nullopt;
    const double first = video.seconds_from(video.frames.front().pts);
    const schemas::FrameTable table = video.table();
    // The moment is all that a reference of one frame has, so that its clock is the table's.
    return schemas::aligned_frame({{seconds - first}, {}}, 0, table, {});
}

std::optional<SoundSummary> listen_to(const std::filesystem::path& file, std::optional<int> stream,
                                      const JobContext& job) {
    SoundSummary summary;
    storage::WaveformBuilder waveform;
    std::optional<inference::OnsetMeter> onsets;
    const auto hear = [&](std::span<const float> samples, int sample_rate, int channels) {
        waveform.add(samples, channels);
        if (sample_rate < lowest_rate_with_beats) return;
        if (!onsets) onsets.emplace(sample_rate);
        onsets->add(storage::mono_from(samples, channels));
    };
    auto index = storage::scan_audio(
        file, {stream}, hear,
        [&](double share) {
            job.report({"Listening", share, 1});
        },
        job.stop);
    if (!index) return std::nullopt;
    summary.index = std::move(*index);
    summary.waveform = waveform.finish();
    if (onsets) summary.beats = inference::track_beats(onsets->finish());
    return summary;
}

std::optional<SoundSummary> summarise_sound(const std::filesystem::path& file, std::optional<int> stream,
                                            const JobContext& job) {
    std::optional<SoundSummary> summary = listen_to(file, stream, job);
    if (!summary || !has_video(file)) return summary;
    const auto video = storage::scan_video(
        file, {},
        [&](double share) {
            job.report({"Finding the frames", share, 1});
        },
        job.stop);
    if (!video) return std::nullopt;
    summary->beat_frames = frames_of(summary->beats, summary->index, *video);
    return summary;
}

}  // namespace annotator
