#include "annotator/playback/transport.h"

#include <algorithm>
#include <cmath>

#include "schemas/alignment.h"

namespace annotator {

using schemas::FrameIndex;
using schemas::FrameSpan;

namespace {

constexpr double single_frame_seconds = 0.04;  // of a recording that has only one
// Before the end of a part of a table, so that its last frame is what is stood on.
constexpr double rest_seconds = 1e-5;

double allowed(double speed) {
    return std::copysign(std::clamp(std::abs(speed), Transport::slowest, Transport::fastest), speed);
}

}  // namespace

Transport::Transport(schemas::FrameTable table)
    : table_(std::make_shared<const schemas::FrameTable>(std::move(table))) {
    if (table_->frames() > 0) end_ = table_->seconds.back() + frame_seconds(table_->frames() - 1);
    bounds_ = {0, table_->frames()};
}

double Transport::frame_seconds(FrameIndex frame) const {
    const FrameIndex last = table_->frames() - 1;
    if (last < 1) return single_frame_seconds;
    const auto before = static_cast<std::size_t>(std::clamp<FrameIndex>(frame, 0, last - 1));
    return table_->seconds[before + 1] - table_->seconds[before];
}

FrameIndex Transport::clamped(FrameIndex frame) const {
    return std::clamp(frame, bounds_.begin, std::max(bounds_.begin, bounds_.end - 1));
}

double Transport::start_of(FrameIndex frame) const {
    if (frame >= table_->frames()) return end_;
    return table_->seconds[static_cast<std::size_t>(std::max<FrameIndex>(0, frame))];
}

Transport::Range Transport::whole() const {
    if (table_->frames() == 0) return {};
    return {start_of(bounds_.begin), start_of(bounds_.end)};
}

Transport::Range Transport::range() const {
    if (replay_) return replay_->range;
    if (loop_) return {start_of(loop_->begin), start_of(loop_->end)};
    return whole();
}

double Transport::unbounded(double now) const {
    return playing_ ? anchor_seconds_ + (now - anchor_now_) * speed() : anchor_seconds_;
}

double Transport::seconds(double now) const {
    const double at = unbounded(now);
    if (!playing_) return at;
    const auto [begin, end] = range();
    if (replay_) return at >= end ? replay_->back_to : at;
    if (!loop_ || end <= begin) return std::clamp(at, begin, bounds_.end < table_->frames() ? end - rest_seconds : end);
    const double round = std::fmod(at - begin, end - begin);
    return begin + (round < 0 ? round + (end - begin) : round);
}

FrameIndex Transport::frame(double now) const {
    return table_->frames() == 0 ? 0 : schemas::shown_frame(*table_, seconds(now));
}

bool Transport::is_playing(double now) const {
    if (!playing_ || table_->frames() == 0) return false;
    const double at = unbounded(now);
    const auto [begin, end] = range();
    if (replay_) return at < end;
    return loop_ || (speed_ > 0 ? at < end : at > begin);
}

void Transport::move_to(double now, double seconds) {
    anchor_now_ = now;
    anchor_seconds_ = seconds;
    replay_.reset();
}

void Transport::play(double now) {
    if (is_playing(now)) return;
    double at = seconds(now);
    move_to(now, at);
    const auto [begin, end] = range();
    const bool at_the_end = speed_ > 0 ? at >= end - rest_seconds : at <= begin;
    if (at_the_end || at < begin || at > end) at = speed_ > 0 ? begin : end;
    anchor_seconds_ = at;
    playing_ = true;
}

void Transport::pause(double now) {
    move_to(now, seconds(now));
    playing_ = false;
}

void Transport::toggle(double now) {
    if (is_playing(now))
        pause(now);
    else
        play(now);
}

void Transport::set_speed(double now, double speed) {
    if (speed == 0 || !std::isfinite(speed)) return pause(now);
    const bool played = is_playing(now);
    move_to(now, seconds(now));
    playing_ = played;
    speed_ = allowed(speed);
}

void Transport::shuttle(double now, Direction direction) {
    const double sign = direction == Direction::forwards ? 1 : -1;
    if (!is_playing(now)) {
        set_speed(now, sign);
        return play(now);
    }
    if (sign * speed_ > 0) return set_speed(now, 2 * speed_);
    if (std::abs(speed_) <= slowest) return pause(now);
    set_speed(now, speed_ / 2);
}

void Transport::seek(double now, FrameIndex frame) { seek_seconds(now, start_of(clamped(frame))); }

void Transport::seek_seconds(double now, double seconds) {
    const bool played = is_playing(now);
    const auto [begin, end] = whole();
    const double to = std::clamp(seconds, begin, std::max(begin, end));
    if (played && loop_ && (to < start_of(loop_->begin) || to >= start_of(loop_->end))) loop_.reset();
    move_to(now, to);
    playing_ = played;
}

void Transport::set_bounds(double now, FrameSpan span) {
    const FrameSpan inside{std::max<FrameIndex>(0, span.begin), std::min(span.end, table_->frames())};
    if (!schemas::is_valid(inside)) return;
    const FrameIndex at = frame(now);
    bounds_ = inside;
    if (!inside.contains(at)) seek(now, at);
}

void Transport::step(double now, FrameIndex frames) {
    const FrameIndex target = clamped(frame(now) + frames);
    pause(now);
    seek(now, target);
}

void Transport::set_loop(double now, std::optional<FrameSpan> span) {
    const bool played = is_playing(now);
    move_to(now, seconds(now));
    playing_ = played;
    loop_.reset();
    if (!span) return;
    const FrameSpan inside{std::max<FrameIndex>(0, span->begin), std::min(span->end, table_->frames())};
    if (!schemas::is_valid(inside)) return;
    loop_ = inside;
    if (!inside.contains(frame(now))) anchor_seconds_ = start_of(inside.begin);
}

void Transport::replay(double now, FrameSpan span, FrameIndex then, double speed) {
    const FrameSpan inside{std::max(bounds_.begin, span.begin), std::min(bounds_.end, span.end)};
    if (!schemas::is_valid(inside)) return;
    move_to(now, start_of(inside.begin));
    replay_ = Replay{{start_of(inside.begin), start_of(inside.end)}, start_of(clamped(then)), allowed(std::abs(speed))};
    playing_ = true;
}

}  // namespace annotator
