#include "annotator/session/clip_loading.h"

#include <algorithm>
#include <exception>
#include <ranges>

#include "annotator/document/queries.h"
#include "annotator/workflows/make_proxies.h"
#include "annotator/workflows/measure_media.h"
#include "annotator/workflows/sound_summary.h"
#include "schemas/alignment.h"
#include "storage/features/audio_index_cache.h"
#include "storage/features/beat_cache.h"
#include "storage/features/skeleton_cache.h"
#include "storage/media/depth_range.h"
#include "storage/skeleton/readers.h"

namespace annotator {

namespace {

using schemas::FrameIndex;
using schemas::SkeletonSequence;
using schemas::Stream;
using schemas::StreamKind;

constexpr schemas::FrameRate rate_without_streams{25, 1};
constexpr FrameIndex frames_for_range = 24;

std::string missing(const std::filesystem::path& file) {
    return file.filename().string() + ": is not where it was, at " + file.string() +
           ". Put it back, or let “kinetograph relink” look for it.";
}

// Empty when there is such a file or folder.
std::string problem_with_place(const std::filesystem::path& file) {
    std::error_code ignored;
    return std::filesystem::exists(file, ignored) ? "" : missing(file);
}

FrameIndex frames_without_streams(const Document& document, schemas::TakeId take) {
    FrameIndex frames = 0;
    for (const auto& [id, clip] : document.rows<schemas::Clip>())
        if (clip.take == take) frames = std::max(frames, clip.end_frame);
    return frames;
}

storage::DepthRange range_of(storage::DepthReader& reader, const std::stop_token& stop) {
    if (const auto declared = reader.declared_range()) return *declared;
    storage::DepthRange range;
    const FrameIndex frames = reader.frames(), step = std::max<FrameIndex>(1, frames / frames_for_range);
    for (FrameIndex i = 0; i < frames && !stop.stop_requested(); i += step) {
        const storage::DepthRange one = storage::depth_range(reader.frame(i));
        if (one.measured == 0) continue;
        const bool first = range.measured == 0;
        range.smallest = first ? one.smallest : std::min(range.smallest, one.smallest);
        range.percentile_1 = first ? one.percentile_1 : std::min(range.percentile_1, one.percentile_1);
        range.largest = std::max(range.largest, one.largest);
        range.percentile_99 = std::max(range.percentile_99, one.percentile_99);
        range.measured += one.measured;
        range.holes += one.holes;
    }
    return range;
}

// The stream's frame of each of the reference; -1 where it has none, of so many.
std::vector<FrameIndex> own_frames(const TakePlan& plan, const StreamSource& stream, FrameIndex frames) {
    const bool is_reference = stream.stream.id == plan.reference.stream.id;
    const schemas::StreamClock clock = is_reference ? schemas::StreamClock() : stream.stream.clock();
    auto own = schemas::aligned_frames(plan.reference.times, is_reference ? plan.reference.times : stream.times, clock);
    for (FrameIndex& frame : own)
        if (frame >= frames) frame = -1;
    return own;
}

SkeletonSequence recorded_skeleton(const TakePlan& plan, const StreamSource& source) {
    const storage::SkeletonCache cache(plan.project);
    if (auto cached = cache.load(source.stream.sha256)) return std::move(cached->sequence);
    const auto* format = storage::skeleton_format_named(source.stream.format);
    if (format == nullptr)
        throw storage::ReadError(source.stream.path + ": is of format '" + source.stream.format +
                                 "', which this version does not read.");
    storage::SkeletonRecording recording = format->read(source.file);
    cache.store(source.stream.sha256, recording);
    return std::move(recording.sequence);
}

void place_on_reference(const TakePlan& plan, const schemas::StreamClock& clock, std::vector<double> beats,
                        LoadedSound& sound) {
    const double rate = sound.index->sample_rate;
    for (const double seconds : plan.reference.times.seconds)
        sound.waveform_samples.push_back((seconds * clock.clock_ratio + clock.offset_seconds) * rate);
    for (double& seconds : beats) seconds = (seconds - clock.offset_seconds) / clock.clock_ratio;
    sound.beats = std::move(beats);
}

std::optional<LoadedSound> heard_before(const TakePlan& plan, const Stream& stream) {
    const auto number = static_cast<int>(stream.container_stream);
    auto index = storage::AudioIndexCache(plan.project).load(stream.sha256, number);
    auto waveform = storage::WaveformCache(plan.project).load(stream.sha256, number);
    auto beats = storage::BeatCache(plan.project).load(stream.sha256, number);
    if (!index || !waveform || !beats) return std::nullopt;
    LoadedSound sound;
    sound.index = std::make_shared<const storage::AudioIndex>(std::move(*index));
    sound.waveform = std::make_shared<const storage::Waveform>(std::move(*waveform));
    place_on_reference(plan, stream.clock(), std::move(*beats), sound);
    return sound;
}

}  // namespace

const StreamSource* TakePlan::stream(schemas::StreamId id) const {
    const auto found = std::ranges::find(streams, id, [](const StreamSource& timed) { return timed.stream.id; });
    return found == streams.end() ? nullptr : &*found;
}

TakePlan plan_of(ProjectSession& session, schemas::TakeId take) {
    const Document& document = session.document();
    TakePlan plan;
    plan.take = take;
    plan.name = document.at<schemas::Take>(take).name;
    plan.project = session.store().folder();
    for (const schemas::StreamId id : document.streams(take)) {
        const auto& stream = document.at<Stream>(id);
        StreamSource timed{stream, session.store().resolved_path(stream.path), {}};
        if (stream.kind != StreamKind::audio) timed.times = session.store().frame_times(stream);
        plan.streams.push_back(std::move(timed));
    }
    std::ranges::stable_sort(plan.streams, {}, [](const StreamSource& timed) {
        return std::tuple(timed.stream.role, timed.stream.kind, timed.stream.path, timed.stream.container_stream);
    });
    if (!plan.streams.empty() && plan.streams.front().stream.role == schemas::StreamRole::reference)
        plan.reference = plan.streams.front();
    else
        plan.reference.times = schemas::evenly_spaced(frames_without_streams(document, take), rate_without_streams);
    return plan;
}

ClipMedia media_without_files(const Document& document, const schemas::Clip& clip, const TakePlan& plan) {
    ClipMedia media;
    media.clip = clip.id;
    media.take = clip.take;
    media.span = {clip.begin_frame, std::min(clip.end_frame, plan.reference.times.frames())};
    media.times = plan.reference.times;
    for (const auto& [stream, file, times] : plan.streams) {
        const std::string name = file.filename().string();
        switch (stream.kind) {
            case StreamKind::video:
                media.videos.push_back({stream.id, stream.role, name, file, nullptr, ""});
                break;
            case StreamKind::depth:
                media.depths.push_back({stream.id, stream.role, name, file, nullptr, {}, nullptr, ""});
                break;
            case StreamKind::skeleton: {
                const auto* performer =
                    stream.performer ? document.find<schemas::Performer>(*stream.performer) : nullptr;
                media.skeletons.push_back({stream.id,
                                           name,
                                           stream.format,
                                           stream.performer,
                                           performer != nullptr ? performer->name : "",
                                           nullptr,
                                           {},
                                           nullptr,
                                           ""});
                break;
            }
            case StreamKind::audio:
                if (!media.sound) media.sound = {stream.id, name, file, nullptr, nullptr, {}, {}, ""};
                break;
        }
    }
    return media;
}

std::optional<LoadedVideo> load_video(const TakePlan& plan, const StreamSource& stream, const ShareDone& progress,
                                      const std::stop_token& stop) {
    LoadedVideo video{nullptr, nullptr, problem_with_place(stream.file)};
    if (!video.problem.empty()) return video;
    try {
        const VideoFile file{stream.file, stream.stream.sha256, stream.stream.container_stream};
        video.index = index_of(file, plan.project, progress, stop);
        if (!video.index) return std::nullopt;
        auto proxy =
            storage::ScrubProxy::open(storage::proxy_file(proxy_folder(plan.project), *video.index), *video.index);
        if (proxy) video.proxy = std::make_shared<storage::ScrubProxy>(std::move(*proxy));
    } catch (const std::exception& error) {
        video.problem = error.what();
    }
    return video;
}

std::optional<LoadedDepth> load_depth(const TakePlan& plan, const StreamSource& stream, const std::stop_token& stop) {
    LoadedDepth depth{nullptr, {}, nullptr, problem_with_place(stream.file)};
    if (!depth.problem.empty()) return depth;
    try {
        const storage::DepthFormat* format = storage::depth_format_named(stream.stream.format);
        if (format == nullptr)
            throw storage::ReadError(stream.stream.path + ": is of format '" + stream.stream.format +
                                     "', which this version does not read.");
        depth.reader = format->open(stream.file);
        depth.range = range_of(*depth.reader, stop);
        if (stop.stop_requested()) return std::nullopt;
        depth.frames =
            std::make_shared<const std::vector<FrameIndex>>(own_frames(plan, stream, depth.reader->frames()));
    } catch (const std::exception& error) {
        depth = {nullptr, {}, nullptr, error.what()};
    }
    return depth;
}

LoadedSkeleton load_skeleton(const TakePlan& plan, const StreamSource& stream) {
    LoadedSkeleton skeleton;
    try {
        auto recorded = std::make_shared<const SkeletonSequence>(recorded_skeleton(plan, stream));
        skeleton.stream_frames = own_frames(plan, stream, recorded->frames());
        skeleton.sequence = stream.stream.id == plan.reference.stream.id
                                ? recorded
                                : std::make_shared<const SkeletonSequence>(recorded->in_frames(skeleton.stream_frames));
        skeleton.recorded = std::move(recorded);
    } catch (const std::exception& error) {
        const std::string place = problem_with_place(stream.file);
        skeleton.problem = place.empty() ? error.what() : place;
    }
    return skeleton;
}

std::optional<LoadedSound> load_sound(const TakePlan& plan, const StreamSource& stream, const ShareDone& progress,
                                      const std::stop_token& stop) {
    LoadedSound sound;
    sound.problem = problem_with_place(stream.file);
    if (!sound.problem.empty()) return sound;
    if (auto known = heard_before(plan, stream.stream)) return known;
    try {
        const auto number = static_cast<int>(stream.stream.container_stream);
        auto heard = listen_to(stream.file, number, {[&progress](const Progress& at) { progress(at.done); }, stop});
        if (!heard) return std::nullopt;
        storage::AudioIndexCache(plan.project).store(stream.stream.sha256, heard->index);
        storage::WaveformCache(plan.project).store(stream.stream.sha256, number, heard->waveform);
        storage::BeatCache(plan.project).store(stream.stream.sha256, number, heard->beats.seconds);
        sound.index = std::make_shared<const storage::AudioIndex>(std::move(heard->index));
        sound.waveform = std::make_shared<const storage::Waveform>(std::move(heard->waveform));
        place_on_reference(plan, stream.stream.clock(), std::move(heard->beats.seconds), sound);
    } catch (const std::exception& error) {
        sound.problem = error.what();
    }
    return sound;
}

}  // namespace annotator
