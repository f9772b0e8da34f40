#include "annotator/workflows/normalised_video.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <memory>

#include "inference/picture_measures.h"
#include "storage/media/audio_reader.h"
#include "storage/media/frame_cache.h"
#include "storage/media/picture_scaling.h"
#include "storage/media/video_reader.h"
#include "storage/media/video_writer.h"

namespace annotator {

namespace {

using schemas::FrameIndex;
using schemas::Picture;

constexpr std::size_t walking_cache = std::size_t{64} << 20U;

double interval_of(const schemas::FrameTable& table) {
    return inference::frame_timing(table.seconds).median_interval_seconds;
}

// The pictures of a video at one size, walking forwards; where one does not decode, the last one that did.
class Pictures {
public:
    Pictures(const VideoFile& video, std::shared_ptr<const storage::VideoIndex> index, PictureSize size)
        : size_(size), reader_(video.path, std::move(index), options()) {}

    struct Shown {
        FrameIndex source = 0;
        const Picture& picture;
    };

    // nullopt when stopped.
    std::optional<Shown> at(FrameIndex wanted, const std::stop_token& stop) {
        if (wanted == asked_) return Shown{shown_, picture_};
        asked_ = wanted;
        for (FrameIndex frame = wanted;; ++frame) {
            try {
                const auto decoded = reader_.frame(frame, stop);
                if (!decoded) return std::nullopt;
                picture_ = storage::scaled(decoded->picture(), size_.width, size_.height);
                shown_ = frame;
                break;
            } catch (const storage::ReadError&) {
                undecodable_.push_back(frame);
                // Nothing was shown yet: the first frame that decodes is.
                if (!picture_.rgba.empty()) break;
                if (frame + 1 == reader_.index().size()) throw;
            }
        }
        return Shown{shown_, picture_};
    }

    [[nodiscard]] std::vector<FrameIndex> undecodable() const {
        std::vector<FrameIndex> frames = undecodable_;
        std::ranges::sort(frames);
        const auto rest = std::ranges::unique(frames);
        frames.erase(rest.begin(), rest.end());
        return frames;
    }

private:
    static storage::VideoReaderOptions options() {
        storage::VideoReaderOptions options;
        options.cache = std::make_shared<storage::FrameCache>(walking_cache);
        return options;
    }

    PictureSize size_;
    storage::VideoReader reader_;
    Picture picture_;
    FrameIndex asked_ = -1, shown_ = 0;
    std::vector<FrameIndex> undecodable_;
};

// The sound of a video's file, from the moment on at which its copy begins.
class Sound {
public:
    // Null where the file has none, or when stopped. Throws storage::ReadError for one that cannot be read or kept.
    static std::unique_ptr<Sound> of(const VideoFile& video, double begin_seconds, const std::stop_token& stop) {
        for (const storage::ContainedStream& stream : storage::media_contents(video.path).streams) {
            if (stream.kind != storage::ContainedStream::Kind::audio) continue;
            auto index = storage::scan_audio(
                video.path, {stream.stream}, [](auto, int, int) {}, [](double) {}, stop);
            if (!index) return nullptr;
            require_rate(video.path, index->sample_rate);
            return std::unique_ptr<Sound>(new Sound(video.path, std::move(*index), begin_seconds));
        }
        return nullptr;
    }

    [[nodiscard]] storage::VideoWriterOptions::Sound options() const {
        return {reader_.index().sample_rate, is_surround() ? 1 : reader_.index().channels, {}};
    }

    // What is heard from where the last call ended up to that time of the copy.
    std::vector<float> up_to(double seconds, const std::stop_token& stop) {
        const std::int64_t end = std::llround(seconds * reader_.index().sample_rate);
        auto samples = reader_.read(begin_ + given_, end - given_, stop).value_or(std::vector<float>());
        given_ = end;
        return is_surround() ? storage::mono_from(samples, reader_.index().channels) : samples;
    }

private:
    Sound(const std::filesystem::path& file, storage::AudioIndex index, double begin_seconds)
        : begin_(std::llround((begin_seconds - index.start_seconds) * index.sample_rate)),
          reader_(file, std::make_shared<const storage::AudioIndex>(std::move(index))) {}

    static void require_rate(const std::filesystem::path& file, int rate) {
        constexpr std::array rates{8000, 11025, 12000, 16000, 22050, 24000, 32000, 44100, 48000, 64000, 88200, 96000};
        if (std::ranges::find(rates, rate) == rates.end())
            throw storage::ReadError(file.string() + ": its sound has " + std::to_string(rate) +
                                     " samples a second, which AAC cannot hold");
    }

    [[nodiscard]] bool is_surround() const { return reader_.index().channels > 2; }

    std::int64_t begin_;      // the sample that is heard when the copy begins
    std::int64_t given_ = 0;  // samples since then
    storage::AudioReader reader_;
};

storage::VideoWriterOptions writer_options_of(const NormaliseOptions& wanted, PictureSize size) {
    storage::VideoWriterOptions options;
    options.width = size.width;
    options.height = size.height;
    options.time_base_numerator = wanted.rate.denominator;
    options.time_base_denominator = wanted.rate.numerator;
    options.declared_rate = wanted.rate;
    // A second, so that an editor seeks quickly.
    options.group_length = std::max(1, static_cast<int>(std::lround(wanted.rate.per_second())));
    options.preset = wanted.preset;
    return options;
}

}  // namespace

FramePlan frame_plan(const schemas::FrameTable& video, const schemas::StreamClock& clock,
                     const schemas::FrameTable& reference, schemas::FrameRate rate) {
    FramePlan plan;
    if (video.seconds.empty() || reference.seconds.empty()) return plan;
    const double step = 1 / rate.per_second();
    const double interval = interval_of(video);
    // A copy has no frame of which less than a quarter would be seen.
    const double reference_end = reference.seconds.back() + std::max(interval_of(reference), step / 2) - step / 4;
    const double begin = video.seconds.front() - interval / 2;
    const double end = video.seconds.back() + std::max(interval, step / 2) - step / 4;
    for (FrameIndex k = 0;; ++k) {
        const double on_reference = static_cast<double>(k) * step;
        const double seconds = on_reference * clock.clock_ratio + clock.offset_seconds;
        if (on_reference >= reference_end || seconds >= end) return plan;
        if (seconds < begin) continue;
        if (plan.sources.empty()) {
            plan.first = k;
            plan.begin_seconds = seconds;
        }
        // Half-way between two frames the earlier one is shown, however the times are rounded.
        constexpr double slack = 1e-9;
        plan.sources.push_back(schemas::nearest_frame(video, seconds - slack));
    }
}

std::optional<WrittenVideo> write_normalised(const VideoFile& video,
                                             const std::shared_ptr<const storage::VideoIndex>& index,
                                             const FramePlan& plan, const std::filesystem::path& target,
                                             const NormaliseOptions& options,
                                             const std::function<void(double share)>& progress, std::stop_token stop) {
    const storage::VideoProperties& properties = index->properties;
    const PictureSize shown = shown_size({properties.width, properties.height}, properties.rotation_degrees,
                                         properties.sample_aspect_numerator, properties.sample_aspect_denominator);
    WrittenVideo written;
    written.size = standard_size(shown, options.lines, options.enlarge);
    Pictures pictures(video, index, written.size);
    std::unique_ptr<Sound> sound;
    try {
        sound = Sound::of(video, index->seconds_from(index->frames.front().pts) + plan.begin_seconds, stop);
    } catch (const storage::ReadError& error) {
        written.sound_problem = error.what();
    }
    if (stop.stop_requested()) return std::nullopt;
    auto writer_options = writer_options_of(options, written.size);
    if (sound) writer_options.sound = sound->options();
    storage::VideoWriter writer(target, writer_options);
    for (std::size_t k = 0; k < plan.sources.size(); ++k) {
        const auto frame = pictures.at(plan.sources[k], stop);
        if (!frame) return std::nullopt;
        writer.add(frame->picture, static_cast<std::int64_t>(k));
        if (sound) writer.add_sound(sound->up_to(static_cast<double>(k + 1) / options.rate.per_second(), stop));
        written.sources.push_back(frame->source);
        progress(static_cast<double>(k + 1) / static_cast<double>(plan.sources.size()));
    }
    writer.close();
    written.undecodable = pictures.undecodable();
    return written;
}

}  // namespace annotator
