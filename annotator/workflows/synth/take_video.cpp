#include "annotator/workflows/synth/take_video.h"

#include <algorithm>
#include <span>

#include "annotator/workflows/synth/frame_number.h"
#include "annotator/workflows/synth/recording.h"
#include "annotator/workflows/synth/video_renderer.h"
#include "storage/media/video_writer.h"

namespace annotator::synth {
namespace {

constexpr int sample_rate = 48000;
constexpr int group_seconds = 2;

storage::VideoWriterOptions options_of(const TakeVideo& video) {
    storage::VideoWriterOptions options;
    options.width = video.width;
    options.height = video.height;
    options.time_base_numerator = video.rate.denominator;
    options.time_base_denominator = video.rate.numerator;
    options.declared_rate = video.rate;
    options.group_length = static_cast<int>(group_seconds * video.rate.per_second());
    options.b_frames = 2;
    options.preset = "veryfast";
    options.sound = storage::VideoWriterOptions::Sound{sample_rate, 1, "aac"};
    return options;
}

}  // namespace

double seconds_of(const Score& score) {
    int frames = 0;
    for (const TimedPhrase& timed : score.phrases) frames += timed.frames;
    return frames / frames_per_second;
}

bool write_take_video(const std::filesystem::path& file, const TakeVideo& video, const Score& score,
                      const std::shared_ptr<const schemas::SkeletonLayout>& layout, const std::stop_token& stop) {
    const Viewpoint viewpoint = viewpoint_of(score.body);
    const schemas::SkeletonSequence seen = seen_from(viewpoint, danced(score, video.rate.per_second()), layout);
    const VideoRenderer renderer(layout, {.camera_height_metres = viewpoint.height_metres,
                                          .girth = score.body.girth,
                                          .costume = video.costume,
                                          .camera = camera_of_size(video.width, video.height)});
    const std::vector<float> samples = samples_of(video.clicks, seconds_of(score), sample_rate);
    const auto frames = static_cast<std::size_t>(seen.frames());
    storage::VideoWriter writer(file, options_of(video));
    for (std::size_t frame = 0; frame < frames; ++frame) {
        if (stop.stop_requested()) return false;
        schemas::Picture picture = renderer.render(seen, static_cast<schemas::FrameIndex>(frame));
        paint_frame_number(picture, static_cast<int>(frame) % (most_frame_number + 1));
        writer.add(picture, static_cast<std::int64_t>(frame));
        const std::size_t begin = samples.size() * frame / frames;
        writer.add_sound(std::span(samples).subspan(begin, samples.size() * (frame + 1) / frames - begin));
    }
    writer.close();
    return true;
}

}  // namespace annotator::synth
