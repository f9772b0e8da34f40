#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "schemas/frame.h"

namespace annotator {

// Where playing is, as a function of time. It has no clock and no thread of its own: every `now` is in seconds on
// a clock of the caller's, the sound device's or the machine's, and may lie ahead, which tells what will be played.
// Positions are in seconds of the take's reference, and frames are found in its table of times.
class Transport {
public:
    static constexpr double slowest = 0.125, fastest = 8;  // of the speed, forwards and backwards

    // At frame 0, paused, speed 1. A table without frames makes one that always is at frame 0.
    explicit Transport(schemas::FrameTable table);

    [[nodiscard]] double seconds(double now) const;
    [[nodiscard]] schemas::FrameIndex frame(double now) const;
    // False when paused, and once it has come to the end (or, backwards, to the beginning).
    [[nodiscard]] bool is_playing(double now) const;
    [[nodiscard]] double speed() const { return replay_ ? replay_->speed : speed_; }  // negative: backwards
    [[nodiscard]] std::optional<schemas::FrameSpan> loop() const { return loop_; }
    [[nodiscard]] const schemas::FrameTable& table() const { return *table_; }
    // How long a frame is on the screen at speed 1; the last one as long as the one before it.
    [[nodiscard]] double frame_seconds(schemas::FrameIndex frame) const;

    void play(double now);  // from the beginning (or the end) again if it had come to the other
    void pause(double now);
    void toggle(double now);
    void set_speed(double now, double speed);  // clamped to the range; 0 pauses

    // The keys J and L: from a standstill plays at 1, else doubles the speed, or halves it when it goes the other
    // way; slower than the slowest pauses.
    enum class Direction { backwards, forwards };
    void shuttle(double now, Direction direction);

    // Playing, seeking and stepping stay within a part of the table that has frames; all of it unless set.
    void set_bounds(double now, schemas::FrameSpan span);

    // Both go on playing if it played; frames beyond the ends are the first and the last. What plays leaves a loop that
    // the place is not in.
    void seek(double now, schemas::FrameIndex frame);
    void seek_seconds(double now, double seconds);
    void step(double now, schemas::FrameIndex frames);  // pauses

    // Plays round and round over a span that has frames; from its beginning if it was outside. nullopt ends that.
    void set_loop(double now, std::optional<schemas::FrameSpan> span);

    // Plays a span once at a positive speed of its own, and then stands on a frame.
    void replay(double now, schemas::FrameSpan span, schemas::FrameIndex then, double speed);

private:
    struct Range {
        double begin = 0;
        double end = 0;
    };
    [[nodiscard]] Range whole() const;  // of the bounds
    [[nodiscard]] Range range() const;  // that playing stays in
    [[nodiscard]] double unbounded(double now) const;
    [[nodiscard]] double start_of(schemas::FrameIndex frame) const;
    [[nodiscard]] schemas::FrameIndex clamped(schemas::FrameIndex frame) const;
    void move_to(double now, double seconds);

    struct Replay {
        Range range;
        double back_to = 0;
        double speed = 1;
    };

    std::shared_ptr<const schemas::FrameTable> table_;  // shared by copies
    double end_ = 0;
    bool playing_ = false;
    double speed_ = 1;
    double anchor_now_ = 0, anchor_seconds_ = 0;  // it was there then
    schemas::FrameSpan bounds_;
    std::optional<schemas::FrameSpan> loop_;
    std::optional<Replay> replay_;
};

// The frames of another stream (or the reference itself) that will be shown next, the one due now first, each once.
// `shown` says which frame belongs to a position; nullopt where there is none.
template <class Shown>
std::vector<schemas::FrameIndex> upcoming_frames(const Transport& transport, double now, double step_seconds, int steps,
                                                 const Shown& shown) {
    std::vector<schemas::FrameIndex> frames;
    for (int i = 0; i <= steps; ++i) {
        const std::optional<schemas::FrameIndex> frame = shown(transport.seconds(now + i * step_seconds));
        if (frame && (frames.empty() || frames.back() != *frame)) frames.push_back(*frame);
    }
    return frames;
}

}  // namespace annotator
