#pragma once

#include <vector>

#include "inference/onsets.h"

// Beats and tempo after Ellis 2007, "Beat tracking by dynamic programming" (J. New Music
// Research 36(1)); the tempo may change on the way, which is not in the paper.
namespace inference {

// A part of the sound with one tempo, from here to the next part.
struct TempoPart {
    double begin_seconds = 0;
    double beats_per_minute = 0;
};

struct Beats {
    std::vector<double> seconds;   // after the first sample, increasing; empty where nothing repeats
    double beats_per_minute = 0;   // of most of the beats; 0 where there are none
    std::vector<TempoPart> parts;  // more than one where the tempo changes by more than 4 %
    double confidence = 0;         // 0 … 1: how like itself the envelope is a beat later; 0.1 for noise
};

struct BeatOptions {
    double usual_tempo = 120;       // beats a minute that are preferred (section 3.2)
    double tempo_octaves = 0.9;     // deviation of that preference
    double tightness = 100;         // alpha in equation 1: what a beat costs that comes early or late
    double least_confidence = 0.2;  // where it is less there are no beats
};

Beats track_beats(const OnsetEnvelope& onsets, const BeatOptions& options = {});

}  // namespace inference
