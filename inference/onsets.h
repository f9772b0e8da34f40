#pragma once

#include <memory>
#include <span>
#include <vector>

namespace inference {

// How strongly something new is heard: strength[i] belongs to i / rate seconds after the first sample.
// Mean 0 and deviation 1 where anything is heard, all 0 for silence.
struct OnsetEnvelope {
    std::vector<float> strength;
    double rate = 0;  // values a second, about 250
};

// Builds an envelope from sound that comes in pieces, after Ellis 2007, "Beat tracking by dynamic
// programming" (J. New Music Research 36(1)), section 3.1: how much 40 mel bands rise, in decibels, summed,
// without what changes slower than 0.4 Hz, smoothed over 20 ms. Below -80 dB of full scale all is silence.
// Memory: four bytes for each 4 ms.
//
// Thread: one.
class OnsetMeter {
public:
    // Throws std::invalid_argument for rates outside 1,000 … 768,000; 16,000 suffices.
    explicit OnsetMeter(double sample_rate);
    ~OnsetMeter();
    OnsetMeter(OnsetMeter&&) noexcept;

    void add(std::span<const float> mono);
    [[nodiscard]] OnsetEnvelope finish();

private:
    struct State;
    std::unique_ptr<State> state_;
};

OnsetEnvelope onset_envelope(std::span<const float> mono, double sample_rate);

}  // namespace inference
