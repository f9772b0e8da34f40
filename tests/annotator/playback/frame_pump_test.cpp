#include "annotator/playback/frame_pump.h"

#include <doctest/doctest.h>

#include <chrono>

#include "annotator/workflows/synth/frame_number.h"
#include "tests/annotator/playback/numbered_videos.h"

namespace annotator {
namespace {

using annotator_tests::numbered_video;
using annotator_tests::NumberedVideo;
using schemas::FrameIndex;
using namespace std::chrono_literals;

// A pump and a way to wait until it says that something is new.
class Pumped {
public:
    explicit Pumped(const NumberedVideo& video, FramePumpOptions options = {}) {
        options.wake = [this] {
            const std::scoped_lock lock(mutex_);
            changed_.notify_all();
        };
        pump.emplace(video.file, video.video, options);
    }
    template <class Condition>
    bool wait(const Condition& condition) {
        std::unique_lock lock(mutex_);
        return changed_.wait_for(lock, 20s, condition);
    }
    bool wait_ready(FrameIndex frame) {
        return wait([&] { return pump->ready(frame).has_value(); });
    }

private:
    std::mutex mutex_;
    std::condition_variable changed_;

public:
    std::optional<FramePump> pump;  // last: it wakes
};

int number_in(const std::optional<ReadyFrame>& frame) {
    REQUIRE(frame);
    return synth::read_frame_number(*frame->picture).value_or(-1);
}

}  // namespace

TEST_CASE("a pump makes the frames that are wanted, and no other is given for them") {
    const tests::TemporaryFolder folder;
    Pumped pumped(numbered_video(folder));
    for (const FrameIndex wanted : {0, 40, 41, 99, 10}) {
        pumped.pump->want({wanted});
        REQUIRE(pumped.wait_ready(wanted));
        CHECK(number_in(pumped.pump->ready(wanted)) == wanted);
        CHECK(pumped.pump->ready(wanted)->frame.index() == wanted);
        CHECK_FALSE(pumped.pump->ready(wanted + 1));
    }
}

TEST_CASE("a pump makes ready what comes next, backwards too") {
    const tests::TemporaryFolder folder;
    Pumped pumped(numbered_video(folder));
    for (const std::vector<FrameIndex>& wanted :
         {std::vector<FrameIndex>{5, 6, 7, 8}, {60, 59, 58, 57}, {98, 99, 20}}) {
        pumped.pump->want(wanted);
        for (const FrameIndex frame : wanted) {
            REQUIRE(pumped.wait_ready(frame));
            CHECK(number_in(pumped.pump->ready(frame)) == frame);
        }
    }
}

TEST_CASE("the newest request wins") {
    const tests::TemporaryFolder folder;
    Pumped pumped(numbered_video(folder, {.frames = 400}));
    for (int i = 0; i < 300; ++i) pumped.pump->want({(i * 37) % 400, (i * 37 + 1) % 400});
    pumped.pump->want({333});
    REQUIRE(pumped.wait_ready(333));
    CHECK(number_in(pumped.pump->ready(333)) == 333);
    CHECK(number_in(pumped.pump->latest()) == 333);
}

TEST_CASE("a pump keeps no more ready ahead than it may, and always what is due") {
    const tests::TemporaryFolder folder;
    FramePumpOptions options;
    options.ready_bytes = 1;
    Pumped pumped(numbered_video(folder), options);
    pumped.pump->want({3, 4, 5});
    REQUIRE(pumped.wait_ready(3));
    pumped.pump->want({50, 51});
    REQUIRE(pumped.wait_ready(50));
    CHECK_FALSE(pumped.pump->ready(51));
}

TEST_CASE("pictures come in the size of the view") {
    const tests::TemporaryFolder folder;
    Pumped pumped(numbered_video(folder));
    pumped.pump->set_longest_side(80);
    pumped.pump->want({7});
    REQUIRE(pumped.wait_ready(7));
    CHECK(pumped.pump->ready(7)->picture->width == 80);
    pumped.pump->set_longest_side(0);
    REQUIRE(pumped.wait([&] {
        const auto ready = pumped.pump->ready(7);
        return ready && ready->picture->width == 160;
    }));
}

TEST_CASE("a video that is gone is a problem that is told, and no crash") {
    const tests::TemporaryFolder folder;
    const NumberedVideo video = numbered_video(folder);
    std::filesystem::remove(video.file);
    Pumped pumped(video);
    pumped.pump->want({3});
    REQUIRE(pumped.wait([&] { return !pumped.pump->problem(3).empty(); }));
    CHECK(pumped.pump->problem(3).find("numbered.mp4") != std::string::npos);
    CHECK_FALSE(pumped.pump->ready(3));
}

TEST_CASE("a pump at work stops within 50 ms") {
    const tests::TemporaryFolder folder;
    const NumberedVideo video = numbered_video(folder, {.frames = 300, .width = 640, .height = 360});
    double worst = 0;
    for (int i = 0; i < 5; ++i) {
        auto pump = std::make_unique<FramePump>(video.file, video.video);
        std::vector<FrameIndex> all;
        for (FrameIndex frame = 20; frame < 300; ++frame) all.push_back(frame);
        pump->want(all);
        std::this_thread::sleep_for(10ms * i);
        const auto begin = std::chrono::steady_clock::now();
        pump.reset();
        worst = std::max(worst, std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count());
    }
    MESSAGE("the slowest of five stops took ", worst * 1000, " ms");
    CHECK(worst < 0.25);  // five times as long as it should take on a quiet machine
}

}  // namespace annotator
