#include "annotator/playback/play_for.h"

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <stdexcept>

namespace annotator {

namespace {

using namespace std::chrono_literals;

bool all_ready(const std::vector<ViewedFrame>& views) {
    return std::ranges::all_of(views, [](const ViewedFrame& view) {
        return !view.due || (view.shown && view.shown->frame.index() == *view.due);
    });
}

}  // namespace

std::optional<PlaybackReport> play_for(const std::vector<PlayedVideo>& videos, const std::optional<SoundTrack>& sound,
                                       const PlayForOptions& options, std::stop_token stop) {
    using Clock = std::chrono::steady_clock;
    if (videos.empty()) throw std::invalid_argument("playing needs a video");
    std::mutex mutex;
    std::condition_variable_any ready;
    PlaybackOptions wanted;
    wanted.longest_side = options.longest_side;
    wanted.decoder_threads = options.decoder_threads;
    wanted.open_sound = open_silent_sound_device;
    wanted.wake = [&] {
        const std::scoped_lock lock(mutex);
        ready.notify_one();
    };
    Playback playback(videos.front().index->table(), videos, sound, std::move(wanted));
    std::unique_lock lock(mutex);
    if (!ready.wait_for(lock, stop, 30s, [&] { return all_ready(playback.tick()); })) {
        if (stop.stop_requested()) return std::nullopt;
        throw std::runtime_error(videos.front().file.string() + ": its first frame did not come within 30 s");
    }
    playback.control([](Transport& transport, double now) { transport.play(now); });
    PlaybackReport report;
    const auto begin = Clock::now();
    const auto seconds_since_begin = [&] { return std::chrono::duration<double>(Clock::now() - begin).count(); };
    const double first = playback.now();
    for (; playback.is_playing() && playback.now() - first < options.seconds; ++report.ticks) {
        const double due = static_cast<double>(report.ticks) / options.display_hertz;
        const auto until = begin + std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(due));
        // The screen sets the pace, whatever becomes ready in between.
        ready.wait_until(lock, stop, until, [] { return false; });
        if (stop.stop_requested()) return std::nullopt;
        playback.tick();
        report.worst_tick_seconds = std::max(report.worst_tick_seconds, seconds_since_begin() - due);
    }
    report.seconds = playback.now() - first;
    for (std::size_t i = 0; i < videos.size(); ++i) report.videos.push_back(playback.counts(i));
    return report;
}

}  // namespace annotator
