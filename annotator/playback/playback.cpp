#include "annotator/playback/playback.h"

#include <algorithm>
#include <cmath>

namespace annotator {

using schemas::FrameIndex;

namespace {

constexpr double display_seconds = 1.0 / 60;
constexpr double ahead_seconds = 0.6;  // of playing that frames are made ready for

}  // namespace

Playback::Playback(schemas::FrameTable reference, std::vector<PlayedVideo> videos, std::optional<SoundTrack> sound,
                   PlaybackOptions options)
    : options_(std::move(options)), transport_(std::move(reference)), last_now_(machine_seconds()) {
    if (!options_.cache) options_.cache = std::make_shared<storage::FrameCache>();
    for (PlayedVideo& video : videos) add_video(std::move(video));
    if (sound) set_sound(std::move(*sound));
}

std::size_t Playback::add_video(PlayedVideo video) {
    View view;
    view.table = video.index->table();
    view.clock = video.clock;
    view.is_reference = view.clock == schemas::StreamClock{} && view.table.seconds == transport_.table().seconds;
    view.pump =
        std::make_unique<FramePump>(std::move(video.file), video.index,
                                    FramePumpOptions{options_.cache, options_.longest_side, options_.decoder_threads,
                                                     FramePumpOptions().ready_bytes, options_.wake});
    views_.push_back(std::move(view));
    viewed_.emplace_back();
    return views_.size() - 1;
}

void Playback::set_sound(SoundTrack sound) {
    sound_ = std::make_unique<SoundPump>(std::move(sound), options_.open_sound);
    sound_->set_volume(volume_);
    sound_->follow(transport_);
}

void Playback::set_volume(double volume) {
    volume_ = volume;
    if (sound_) sound_->set_volume(volume);
}

double Playback::now() {
    const double machine = machine_seconds();
    return last_now_ = std::max(last_now_, sound_ ? sound_->seconds(machine) : machine);
}

void Playback::control(const std::function<void(Transport& transport, double now)>& change) {
    change(transport_, now());
    if (sound_) sound_->follow(transport_);
    for (View& view : views_) {
        view.due.reset();
        view.lead_seconds = 0;
    }
}

std::optional<FrameIndex> Playback::frame_of(const View& view, double reference_seconds) {
    const double seconds = reference_seconds * view.clock.clock_ratio + view.clock.offset_seconds;
    const auto& times = view.table.seconds;
    if (times.empty() || seconds < times.front() - 1e-6) return std::nullopt;
    // The last frame stays as long as the one before it did.
    const double last = times.size() > 1 ? times.back() - times[times.size() - 2] : 1;
    if (seconds > times.back() + last) return std::nullopt;
    return schemas::shown_frame(view.table, seconds + 1e-6);
}

std::optional<FrameIndex> Playback::due_frame(const View& view, double now) const {
    const schemas::FrameTable& reference = transport_.table();
    if (view.is_reference || reference.frames() == 0 || transport_.is_playing(now))
        return frame_of(view, transport_.seconds(now));
    return schemas::aligned_frame(reference, transport_.frame(now), view.table, view.clock);
}

const std::vector<ViewedFrame>& Playback::tick() {
    const double at = now();
    const bool playing = transport_.is_playing(at);
    for (std::size_t i = 0; i < views_.size(); ++i) {
        View& view = views_[i];
        viewed_[i] = viewed(view, at);
        if (playing)
            count(view, viewed_[i], transport_.speed());
        else
            view.due.reset();
    }
    return viewed_;
}

ViewedFrame Playback::viewed(View& view, double now) const {
    const double step = display_seconds / 2;
    const auto shown = [&](double seconds) { return frame_of(view, seconds); };
    std::vector<FrameIndex> wanted =
        upcoming_frames(transport_, now, step, static_cast<int>(ahead_seconds / step), shown);
    if (const auto first = shown(transport_.seconds(now + view.lead_seconds)); first && view.lead_seconds > 0)
        std::rotate(wanted.begin(), std::ranges::find(wanted, *first), wanted.end());
    ViewedFrame seen;
    seen.due = due_frame(view, now);
    if (seen.due && !transport_.is_playing(now) && (wanted.empty() || wanted.front() != *seen.due))
        wanted.insert(wanted.begin(), *seen.due);
    view.pump->want(std::move(wanted));
    if (!seen.due) return seen;
    seen.shown = view.pump->ready(*seen.due);
    if (seen.shown) return seen;
    seen.problem = view.pump->problem(*seen.due);
    if (seen.problem.empty()) seen.shown = view.pump->latest();
    return seen;
}

void Playback::count(View& view, const ViewedFrame& seen, double speed) {
    const bool exact = seen.shown && seen.due && seen.shown->frame.index() == *seen.due;
    if (seen.due && !exact) {
        ++view.counts.late_ticks;
        view.lead_seconds = std::min(view.lead_seconds + 2 * display_seconds, ahead_seconds / 2);
    } else {
        view.lead_seconds = view.lead_seconds > 0.001 ? 0.995 * view.lead_seconds : 0;
    }
    if (view.due != seen.due) {
        if (view.due && !view.due_was_shown) ++view.counts.dropped;
        // Frames that no tick met, although they were long enough on for one.
        if (view.due && seen.due && 0 < speed && speed <= 1)
            for (FrameIndex skipped = *view.due + 1; skipped < *seen.due; ++skipped) {
                const auto i = static_cast<std::size_t>(skipped);
                if (view.table.seconds[i + 1] - view.table.seconds[i] >= display_seconds * speed * 1.01)
                    ++view.counts.dropped;
            }
        view.due = seen.due;
        view.due_was_shown = false;
    }
    if (exact && !view.due_was_shown) {
        view.due_was_shown = true;
        ++view.counts.shown;
    }
}

}  // namespace annotator
