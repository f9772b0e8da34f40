#pragma once

#include <cstdint>

#include "annotator/workflows/synth/body.h"

namespace annotator::synth {

// Who dances and how: what makes two performers of the same steps look different.
struct Dancer {
    Body body;
    double tempo = 1;             // 1.1: a tenth faster
    double amplitude = 1;         // scales how far limbs travel
    double left_share = 0.5;      // how often a step that may go either way goes to the left
    double elbow_degrees = 18;    // how softly the arms are carried
    double turnout_degrees = 25;  // of the legs
    double lean_degrees = 0;      // habitual, of the chest
    double noise_metres = 0.007;  // of the sensor that records the dancer
};

// Dancer number `index` of a data set.
Dancer dancer_of(std::uint64_t seed, std::size_t index);

}  // namespace annotator::synth
