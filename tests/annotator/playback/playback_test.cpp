#include "annotator/playback/playback.h"

#include <doctest/doctest.h>

#include <atomic>
#include <chrono>
#include <cmath>
#include <condition_variable>

#include "annotator/workflows/synth/frame_number.h"
#include "tests/annotator/playback/numbered_videos.h"

namespace annotator {
namespace {

using annotator_tests::numbered_video;
using annotator_tests::NumberedVideo;
using schemas::FrameIndex;
using namespace std::chrono_literals;

// A device that plays when it is told to, on the caller's thread, in its own time.
class ManualDevice : public SoundDevice {
public:
    explicit ManualDevice(PullSound pull) : pull_(std::move(pull)) {}
    [[nodiscard]] int sample_rate() const override { return 48000; }
    std::vector<float> play(std::int64_t count, double heard_at) {
        std::vector<float> out(static_cast<std::size_t>(2 * count));
        pull_(out.data(), count, heard_at);
        return out;
    }

private:
    PullSound pull_;
};

// A device that whoever opens sound gets, for the test to play.
struct DeviceAtHand {
    ManualDevice* device = nullptr;
    int sample_rate = 0;               // asked for
    std::atomic<bool> opened = false;  // the others may be read

    OpenSoundDevice open() {
        return [this](int rate, const PullSound& pull, std::string&) {
            auto made = std::make_unique<ManualDevice>(pull);
            device = made.get();
            sample_rate = rate;
            opened = true;
            return made;
        };
    }
};

// Waits for what other threads do, at most 20 seconds.
template <class Condition>
bool eventually(const Condition& condition) {
    const auto end = std::chrono::steady_clock::now() + 20s;
    while (!condition()) {
        if (std::chrono::steady_clock::now() > end) return false;
        std::this_thread::sleep_for(2ms);
    }
    return true;
}

OpenSoundDevice no_device() {
    return [](int, const PullSound&, std::string& problem) {
        problem = "there is none in this test";
        return std::unique_ptr<SoundDevice>();
    };
}

PlaybackOptions options_with(OpenSoundDevice open) {
    PlaybackOptions options;
    options.open_sound = std::move(open);
    return options;
}

SoundTrack track_of(const NumberedVideo& video) {
    return {video.file, video.sound, clock_of_sound(*video.video, *video.sound)};
}

bool all_shown(const std::vector<ViewedFrame>& views) {
    return std::ranges::all_of(views, [](const ViewedFrame& view) {
        return view.shown && view.due && view.shown->frame.index() == *view.due;
    });
}

}  // namespace

TEST_CASE("a paused take shows the frame it stands on, in each of its videos") {
    const tests::TemporaryFolder folder;
    const NumberedVideo a = numbered_video(folder);
    const NumberedVideo b = numbered_video(folder, {.name = "b.mp4", .frames = 200, .frames_a_second = 50});
    Playback playback(a.video->table(), {{a.file, a.video, {}}, {b.file, b.video, {1, 0.5}}}, {},
                      options_with(no_device()));
    playback.control([](Transport& transport, double now) { transport.seek(now, 30); });
    REQUIRE(eventually([&] { return all_shown(playback.tick()); }));
    const auto& views = playback.tick();
    CHECK(synth::read_frame_number(*views[0].shown->picture) == 30);
    CHECK(synth::read_frame_number(*views[1].shown->picture) == 85);
    playback.control([](Transport& transport, double now) { transport.step(now, -1); });
    REQUIRE(eventually([&] { return all_shown(playback.tick()); }));
    CHECK(synth::read_frame_number(*playback.tick()[0].shown->picture) == 29);
}

TEST_CASE("standing still, a second video shows the frame that is aligned with the reference's") {
    const tests::TemporaryFolder folder;
    const NumberedVideo a = numbered_video(folder);
    const NumberedVideo b = numbered_video(folder, {.name = "b.mp4", .frames = 200, .frames_a_second = 50});
    const schemas::StreamClock later{1, 0.015};  // three quarters of one of its frames
    Playback playback(a.video->table(), {{a.file, a.video, {}}, {b.file, b.video, later}}, {},
                      options_with(no_device()));
    for (const FrameIndex frame : {0, 30, 99}) {
        playback.control([&](Transport& transport, double now) { transport.seek(now, frame); });
        REQUIRE(eventually([&] { return all_shown(playback.tick()); }));
        const auto& views = playback.tick();
        const auto aligned = schemas::aligned_frame(a.video->table(), frame, b.video->table(), later);
        CHECK(aligned == 2 * frame + 1);
        CHECK(synth::read_frame_number(*views[0].shown->picture) == frame);
        CHECK(synth::read_frame_number(*views[1].shown->picture) == aligned);
    }
}

TEST_CASE("where a video of a take has not begun or is over, it shows nothing") {
    const tests::TemporaryFolder folder;
    const NumberedVideo a = numbered_video(folder);
    const NumberedVideo b = numbered_video(folder, {.name = "b.mp4", .frames = 25});
    Playback playback(a.video->table(), {{b.file, b.video, {1, -1}}}, {}, options_with(no_device()));
    playback.control([](Transport& transport, double now) { transport.seek(now, 10); });
    CHECK_FALSE(playback.tick()[0].due);
    playback.control([](Transport& transport, double now) { transport.seek(now, 26); });
    CHECK(playback.tick()[0].due == 1);
    playback.control([](Transport& transport, double now) { transport.seek(now, 80); });
    CHECK_FALSE(playback.tick()[0].due);
}

TEST_CASE("without a sound device a take plays all the same and says so") {
    const tests::TemporaryFolder folder;
    const NumberedVideo video = numbered_video(folder);
    Playback playback(video.video->table(), {{video.file, video.video, {}}}, track_of(video),
                      options_with(no_device()));
    CHECK(eventually([&] { return !playback.sound_problem().empty(); }));
    CHECK(playback.sound_problem() == "no sound device: there is none in this test");
    playback.control([](Transport& transport, double now) { transport.play(now); });
    CHECK(eventually([&] { return playback.tick()[0].due.value_or(0) >= 5; }));
    CHECK(playback.is_playing());
}

TEST_CASE("the frame on the screen follows what is heard") {
    const tests::TemporaryFolder folder;
    const NumberedVideo video = numbered_video(folder);
    DeviceAtHand sound;
    Playback playback(video.video->table(), {{video.file, video.video, {}}}, track_of(video),
                      options_with(sound.open()));
    REQUIRE(eventually([&] { return sound.opened.load(); }));
    CHECK(sound.sample_rate == 48000);
    // This device plays a minute in no time; its clock is the only one that counts.
    double heard_at = machine_seconds();
    REQUIRE(eventually([&] {
        sound.device->play(480, heard_at);
        return std::abs(playback.now() - machine_seconds()) < 0.5;
    }));
    const double begin = playback.now();
    playback.control([](Transport& transport, double now) { transport.play(now); });
    for (int i = 0; i < 100; ++i) sound.device->play(480, machine_seconds());
    const double advanced = playback.now() - begin;
    CHECK(advanced > 0.7);
    CHECK(playback.frame() == static_cast<FrameIndex>(std::floor(advanced * 25)));
}

TEST_CASE("a device hears the sound of the place that is played, and silence when paused") {
    const tests::TemporaryFolder folder;
    const NumberedVideo video = numbered_video(folder);
    DeviceAtHand sound;
    SoundPump pump(track_of(video), sound.open());
    REQUIRE(eventually([&] { return sound.opened.load() && pump.state() == SoundPump::State::playing; }));
    const double start = machine_seconds();
    std::int64_t played = 0;
    const auto play = [&](std::int64_t count) {
        auto heard = sound.device->play(count, start + static_cast<double>(played) / 48000);
        played += count;
        return heard;
    };
    play(480);
    Transport transport(video.video->table());
    const double now = pump.seconds(start + static_cast<double>(played) / 48000);
    transport.play(now);
    pump.follow(transport);
    // The first samples may be late, as they would be for an ear.
    std::vector<float> heard;
    std::int64_t first = 0;
    REQUIRE(eventually([&] {
        first = played;
        heard = play(480);
        return heard[0] != 0 && heard[958] != 0;
    }));
    const auto whole = storage::AudioReader(video.file, video.sound).read(0, 96000);
    const double at = transport.seconds(pump.seconds(start + static_cast<double>(first) / 48000));
    const auto place = static_cast<std::size_t>(std::llround(at * 48000));
    for (std::size_t i = 0; i < 480; ++i) {
        REQUIRE(heard[2 * i] == doctest::Approx((*whole)[place + i]).epsilon(0.01));
        REQUIRE(heard[2 * i] == heard[2 * i + 1]);
    }
    transport.pause(pump.seconds(start + static_cast<double>(played) / 48000));
    pump.follow(transport);
    CHECK(eventually([&] { return play(480) == std::vector<float>(960); }));
}

TEST_CASE("sound goes on without a break while it is played at speed 1") {
    const tests::TemporaryFolder folder;
    const NumberedVideo video = numbered_video(folder);
    DeviceAtHand sound;
    SoundPump pump(track_of(video), sound.open());
    REQUIRE(eventually([&] { return sound.opened.load() && pump.state() == SoundPump::State::playing; }));
    const double start = machine_seconds();
    std::int64_t played = 0;
    sound.device->play(480, start);
    Transport transport(video.video->table());
    transport.play(pump.seconds(start));
    pump.follow(transport);
    std::vector<float> heard;
    while (played < 48000) {
        played += 480;
        std::this_thread::sleep_for(1ms);
        const auto piece = sound.device->play(480, start + static_cast<double>(played) / 48000);
        for (std::size_t i = 0; i < piece.size(); i += 2) heard.push_back(piece[i]);
    }
    // From the first sound on, the tone never jumps by more than it does by itself, unless the thread was late.
    const auto first = std::ranges::find_if(heard, [](float value) { return value != 0; });
    REQUIRE(heard.end() - first > 24000);
    int breaks = 0;
    for (auto sample = first + 1; sample < heard.end(); ++sample)
        if (std::abs(*sample - *(sample - 1)) > 0.03) ++breaks;
    CHECK(breaks <= 2);
}

TEST_CASE("slow: four videos play together") {
    const tests::TemporaryFolder folder;
    const NumberedVideo video =
        numbered_video(folder, {.frames = 90, .width = 320, .height = 180, .frames_a_second = 30});
    std::vector<PlayedVideo> videos(4, {video.file, video.video, {}});
    Playback playback(video.video->table(), videos, track_of(video), options_with(open_silent_sound_device));
    REQUIRE(eventually([&] { return all_shown(playback.tick()); }));
    playback.control([](Transport& transport, double now) { transport.play(now); });
    while (playback.is_playing()) {
        for (const ViewedFrame& view : playback.tick())
            if (view.shown) CHECK(synth::read_frame_number(*view.shown->picture) == view.shown->frame.index());
        std::this_thread::sleep_for(16ms);
    }
    for (std::size_t i = 0; i < 4; ++i) {
        const PlaybackCounts& counts = playback.counts(i);
        MESSAGE("video ", i, ": ", counts.shown, " shown, ", counts.dropped, " dropped, ", counts.late_ticks,
                " late ticks");
        CHECK(counts.shown + counts.dropped >= 80);
        CHECK(counts.shown >= 60);  // the machine may be busy with other things
    }
}

}  // namespace annotator
