#include "annotator/workflows/sound_summary.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>

#include "annotator/workflows/synth/sound.h"
#include "schemas/alignment.h"
#include "storage/media/video_writer.h"
#include "storage/read_error.h"
#include "tests/support/no_recordings.h"
#include "tests/support/recording_files.h"

namespace annotator {
namespace {

using doctest::Approx;

// A video of uneven frames that begins at second 2, with clicks 100 times a minute from then on.
std::filesystem::path dance(const tests::TemporaryFolder& folder, double seconds) {
    const auto file = folder.path() / "dance.mkv";
    storage::VideoWriterOptions options;
    options.codec = "mjpeg";
    options.pixel_format = "yuvj420p";
    options.width = 64;
    options.height = 48;
    options.sound = storage::VideoWriterOptions::Sound{48000, 1, "flac"};
    storage::VideoWriter writer(file, options);
    const auto clicks = synth::samples_of({100, 0.25, 4}, seconds, 48000);
    std::int64_t pts = 2000;
    for (int frame = 0; static_cast<double>(pts - 2000) < 1000 * seconds; ++frame) {
        writer.add(schemas::blank_picture(options.width, options.height), pts);
        pts += frame % 3 == 0 ? 20 : 47;
    }
    writer.add_sound(clicks);
    writer.close();
    return file;
}

}  // namespace

TEST_CASE("beats of a dance lie on the frames that were on the screen then") {
    const tests::TemporaryFolder folder;
    const auto summary = summarise_sound(dance(folder, 20), {}, {});
    REQUIRE(summary);
    CHECK(summary->index.samples == 20 * 48000);
    CHECK(summary->index.start_seconds == Approx(2).epsilon(0.001));
    CHECK(summary->beats.beats_per_minute == Approx(100).epsilon(0.01));
    REQUIRE(summary->beats.seconds.size() > 25);
    REQUIRE(summary->beat_frames.size() == summary->beats.seconds.size());
    // Three frames take 114 ms.
    for (std::size_t i = 0; i < summary->beat_frames.size(); ++i) {
        REQUIRE(summary->beat_frames[i]);
        const double frame_seconds = static_cast<double>(*summary->beat_frames[i]) / 3 * 0.114;
        CHECK(std::abs(frame_seconds - summary->beats.seconds[i]) < 0.05);
    }
    CHECK(summary->waveform.samples == summary->index.samples);
}

TEST_CASE("a moment before or after all frames belongs to none") {
    const tests::TemporaryFolder folder;
    const auto video = storage::scan_video(dance(folder, 2), {}, [](double) {}, {});
    REQUIRE(video);
    CHECK(frame_from_container_seconds(*video, 2) == 0);
    CHECK(frame_from_container_seconds(*video, 2.021) == 1);
    CHECK(frame_from_container_seconds(*video, 2.012) == 1);
    CHECK_FALSE(frame_from_container_seconds(*video, 0));
    CHECK_FALSE(frame_from_container_seconds(*video, 1.9));
    CHECK_FALSE(frame_from_container_seconds(*video, 9));
}

TEST_CASE("real sound is summed up") {
    const auto steps = tests::recordings(KINETOGRAPH_SOURCE_DIR, "steps_clip");
    const auto awkward = tests::recordings(KINETOGRAPH_SOURCE_DIR, "awkward_video");
    if (steps.empty() || awkward.empty()) return tests::no_recordings();
    const auto dance_steps = summarise_sound(steps / "steps.webm", {}, {});
    REQUIRE(dance_steps);
    CHECK(dance_steps->index.duration_seconds() == Approx(12.7).epsilon(0.01));
    CHECK(dance_steps->beat_frames.size() == dance_steps->beats.seconds.size());
    MESSAGE("steps.webm: ", dance_steps->beats.beats_per_minute, " a minute, confidence ",
            dance_steps->beats.confidence);
    const auto pancake = summarise_sound(awkward / "flipping_a_pancake.mkv", {}, {});
    REQUIRE(pancake);
    MESSAGE("flipping_a_pancake.mkv: ", pancake->beats.beats_per_minute, " a minute, confidence ",
            pancake->beats.confidence);
    CHECK_THROWS_AS((void)summarise_sound(awkward / "video_0.mov", {}, {}), storage::ReadError);
}

TEST_CASE("listening stops when asked to") {
    const tests::TemporaryFolder folder;
    std::stop_source stop;
    stop.request_stop();
    CHECK_FALSE(summarise_sound(dance(folder, 1), {}, {[](const Progress&) {}, stop.get_token()}));
}

}  // namespace annotator
