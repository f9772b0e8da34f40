#include "tests/annotator/playback/numbered_videos.h"

#include <cmath>
#include <vector>

#include "annotator/workflows/synth/frame_number.h"
#include "storage/media/video_writer.h"

namespace annotator_tests {

NumberedVideo numbered_video(const tests::TemporaryFolder& folder, const NumberedVideoOptions& options) {
    constexpr int sample_rate = 48000;
    NumberedVideo video{folder.path() / options.name, nullptr, nullptr};
    storage::VideoWriterOptions wanted;
    wanted.width = options.width;
    wanted.height = options.height;
    wanted.time_base_denominator = options.frames_a_second;
    wanted.declared_rate = schemas::FrameRate{options.frames_a_second, 1};
    wanted.group_length = 25;
    wanted.b_frames = 2;
    wanted.preset = "ultrafast";
    wanted.sound = storage::VideoWriterOptions::Sound{sample_rate, 1, "flac"};
    storage::VideoWriter writer(video.file, wanted);
    int sample = 0;
    for (int frame = 0; frame < options.frames; ++frame) {
        schemas::Picture picture = schemas::blank_picture(options.width, options.height);
        annotator::synth::paint_frame_number(picture, frame);
        writer.add(picture, frame);
        std::vector<float> sound(static_cast<std::size_t>(sample_rate / options.frames_a_second));
        for (float& value : sound) value = 0.5F * std::sin(0.05F * static_cast<float>(sample++));
        writer.add_sound(sound);
    }
    writer.close();
    video.video = std::make_shared<const storage::VideoIndex>(*storage::scan_video(video.file, {}, [](double) {}, {}));
    video.sound = std::make_shared<const storage::AudioIndex>(*storage::scan_audio(
        video.file, {}, [](auto, int, int) {}, [](double) {}, {}));
    return video;
}

}  // namespace annotator_tests
