#include "annotator/workflows/synth/sound.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace annotator::synth {
namespace {

constexpr double click_seconds = 0.12;

struct Tone {
    double hertz = 0;
    double loudness = 0;
    double fading_per_second = 0;
};

constexpr Tone first_click{1760, 0.50, 60}, click{1175, 0.38, 60}, thump{82, 0.35, 22}, half_beat{3520, 0.06, 140};

void add(std::vector<float>& samples, const Tone& tone, double at_seconds, int sample_rate) {
    const auto begin = static_cast<std::ptrdiff_t>(std::lround(at_seconds * sample_rate));
    const auto length = static_cast<std::ptrdiff_t>(click_seconds * sample_rate);
    const auto end = std::min(static_cast<std::ptrdiff_t>(samples.size()), begin + length);
    for (std::ptrdiff_t sample = std::max<std::ptrdiff_t>(0, begin); sample < end; ++sample) {
        const double seconds = static_cast<double>(sample - begin) / sample_rate;
        const double swing = std::sin(2 * std::numbers::pi * tone.hertz * seconds);
        samples[static_cast<std::size_t>(sample)] +=
            static_cast<float>(tone.loudness * swing * std::exp(-tone.fading_per_second * seconds));
    }
}

}  // namespace

ClickTrack drawn_click_track(Random random) {
    ClickTrack track;
    track.beats_per_minute = 84 + 4 * static_cast<double>(random.below(15));
    track.first_beat_seconds = random.uniform(0.05, 0.05 + 60 / track.beats_per_minute);
    return track;
}

std::vector<double> beats_of(const ClickTrack& track, double seconds) {
    std::vector<double> beats;
    for (int beat = 0;; ++beat) {
        const double at = track.first_beat_seconds + beat * 60 / track.beats_per_minute;
        if (at >= seconds) return beats;
        beats.push_back(at);
    }
}

std::vector<float> samples_of(const ClickTrack& track, double seconds, int sample_rate) {
    std::vector<float> samples(static_cast<std::size_t>(std::ceil(seconds * sample_rate)), 0.0F);
    int beat = 0;
    for (const double at : beats_of(track, seconds)) {
        add(samples, beat++ % track.beats_of_a_bar == 0 ? first_click : click, at, sample_rate);
        add(samples, thump, at, sample_rate);
        add(samples, half_beat, at + 30 / track.beats_per_minute, sample_rate);
    }
    return samples;
}

}  // namespace annotator::synth
