#pragma once

#include <atomic>
#include <cmath>

namespace annotator {

// What second of a sound stream is heard, on a clock that runs on between the device's reports, which come in
// jerks. Both clocks are in seconds.
//
// Thread: report() the device's; the others any.
class SoundClock {
public:
    explicit SoundClock(double stream_minus_machine = 0) : offset_(stream_minus_machine) {}

    // That second of the stream is heard at that time of the machine.
    void report(double stream_seconds, double machine_seconds) {
        constexpr double jump_seconds = 0.1, share = 0.05;
        const double away = stream_seconds - machine_seconds - offset_.load();
        const bool jumped = !reported_ || std::abs(away) > jump_seconds;
        offset_.store(offset_.load() + (jumped ? away : share * away));
        reported_ = true;
    }
    [[nodiscard]] double stream_seconds(double machine_seconds) const { return machine_seconds + offset_.load(); }

private:
    std::atomic<double> offset_;
    bool reported_ = false;
};

}  // namespace annotator
