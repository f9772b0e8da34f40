#include "annotator/playback/play_for.h"

#include <doctest/doctest.h>

#include "tests/annotator/playback/numbered_videos.h"

namespace annotator {

TEST_CASE("playing for a second reports what was shown, by the sound's clock") {
    const tests::TemporaryFolder folder;
    const auto video = annotator_tests::numbered_video(folder);
    const SoundTrack sound{video.file, video.sound, clock_of_sound(*video.video, *video.sound)};
    const auto report =
        play_for({{video.file, video.video, {}}, {video.file, video.video, {}}}, sound, {.seconds = 1}, {});
    REQUIRE(report);
    CHECK(report->seconds >= 1);
    CHECK(report->seconds < 3);
    CHECK(report->ticks > 10);
    REQUIRE(report->videos.size() == 2);
    for (const PlaybackCounts& counts : report->videos) {
        CHECK(counts.shown > 10);
        CHECK(counts.shown + counts.dropped >= 24);
    }
}

TEST_CASE("playing for a while stops when asked to, and needs a video that can be read") {
    const tests::TemporaryFolder folder;
    const auto video = annotator_tests::numbered_video(folder, {.frames = 10});
    std::stop_source stop;
    stop.request_stop();
    CHECK_FALSE(play_for({{video.file, video.video, {}}}, {}, {}, stop.get_token()));
    CHECK_THROWS_AS((void)play_for({}, {}, {}, {}), std::invalid_argument);
}

}  // namespace annotator
