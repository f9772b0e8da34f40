#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

namespace annotator {

// Seconds on the machine's steady clock.
double machine_seconds();

// Called by a device, on a thread of its own that must not wait: `count` samples of two channels, interleaved, are to
// be put to `out`; the first of them will be heard at that time of the machine.
using PullSound = std::function<void(float* out, std::int64_t count, double heard_at)>;

// Pulls sound until it is destroyed.
class SoundDevice {
public:
    SoundDevice() = default;
    virtual ~SoundDevice() = default;
    SoundDevice(const SoundDevice&) = delete;
    SoundDevice& operator=(const SoundDevice&) = delete;

    [[nodiscard]] virtual int sample_rate() const = 0;
};

// Opens a device, at the wanted sample rate if it can. Without one: nullptr, and `problem` says why.
using OpenSoundDevice =
    std::function<std::unique_ptr<SoundDevice>(int wanted_rate, const PullSound& pull, std::string& problem)>;

// The system's usual device, by PortAudio. What the libraries below it print on standard error is left out: while it
// is opened nothing reaches standard error. Opening may take some tenths of a second.
std::unique_ptr<SoundDevice> open_usual_sound_device(int wanted_rate, const PullSound& pull, std::string& problem);

// Pulls as a device would and lets nobody hear it: for tests and benchmarks.
std::unique_ptr<SoundDevice> open_silent_sound_device(int wanted_rate, const PullSound& pull, std::string& problem);

}  // namespace annotator
