#include "tests/inference/sounds.h"

#include <cmath>
#include <numbers>

#include "inference/random.h"

namespace inference_tests {

namespace {

void add_tone(std::vector<float>& sound, double sample_rate, double at, double hertz, double fade_seconds,
              double level) {
    const auto begin = static_cast<std::size_t>(at * sample_rate);
    const auto length = static_cast<std::size_t>(6 * fade_seconds * sample_rate);
    for (std::size_t i = 0; i < length && begin + i < sound.size(); ++i) {
        const double t = static_cast<double>(i) / sample_rate;
        sound[begin + i] +=
            static_cast<float>(level * std::exp(-t / fade_seconds) * std::sin(2 * std::numbers::pi * hertz * t));
    }
}

}  // namespace

std::vector<float> noise(double seconds, double sample_rate, double level, std::uint64_t seed) {
    inference::Random random(seed);
    std::vector<float> sound(static_cast<std::size_t>(seconds * sample_rate));
    for (float& sample : sound) sample = static_cast<float>(level * random.normal());
    return sound;
}

void add_clicks(std::vector<float>& sound, double sample_rate, std::span<const double> seconds) {
    for (const double at : seconds) add_tone(sound, sample_rate, at, 1000, 0.01, 0.5);
}

std::vector<double> steady_beats(double beats_per_minute, double begin_seconds, double end_seconds) {
    std::vector<double> beats;
    for (int i = 0;; ++i) {
        const double at = begin_seconds + i * 60 / beats_per_minute;
        if (at >= end_seconds) return beats;
        beats.push_back(at);
    }
}

std::vector<float> music(double seconds, double sample_rate, std::uint64_t seed) {
    inference::Random random(seed);
    std::vector<float> sound = noise(seconds, sample_rate, 0.001, seed + 1000);
    for (double at = 0; at < seconds; at += 0.25) {
        const double hertz = 110 * std::pow(2, static_cast<double>(random.below(36)) / 12);
        if (random.uniform() < 0.7)
            add_tone(sound, sample_rate, at + random.uniform(0, 0.01), hertz, random.uniform(0.03, 0.2), 0.2);
    }
    for (const double at : steady_beats(120, 0, seconds))
        add_tone(sound, sample_rate, at, 1000, 0.01, random.uniform(0.15, 0.5));
    return sound;
}

}  // namespace inference_tests
