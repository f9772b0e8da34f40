#pragma once

#include <cstdint>
#include <span>
#include <vector>

// Made-up sounds, mono.
namespace inference_tests {

std::vector<float> noise(double seconds, double sample_rate, double level, std::uint64_t seed);

// Adds a click (a short, quickly fading tone) at each of these times.
void add_clicks(std::vector<float>& sound, double sample_rate, std::span<const double> seconds);

// Times from `begin` to `end`, that far apart.
std::vector<double> steady_beats(double beats_per_minute, double begin_seconds, double end_seconds);

// Tones of changing pitch and length with a beat under them, no two bars alike.
std::vector<float> music(double seconds, double sample_rate, std::uint64_t seed);

}  // namespace inference_tests
