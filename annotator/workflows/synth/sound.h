#pragma once

#include <vector>

#include "annotator/workflows/synth/random.h"

// Music to dance to, as far as a beat tracker is concerned: clicks at an even tempo.
namespace annotator::synth {

struct ClickTrack {
    double beats_per_minute = 120;
    double first_beat_seconds = 0.25;
    int beats_of_a_bar = 4;  // the first of which is higher and louder
};

ClickTrack drawn_click_track(Random random);

// When the clicks begin, in seconds, up to `seconds`.
std::vector<double> beats_of(const ClickTrack& track, double seconds);

// One channel, -1 … 1. Each click is a tone that dies away over a low thump; soft ones lie
// half-way between them.
std::vector<float> samples_of(const ClickTrack& track, double seconds, int sample_rate);

}  // namespace annotator::synth
