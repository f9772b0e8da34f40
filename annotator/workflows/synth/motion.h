#pragma once

#include <vector>

#include "annotator/workflows/synth/phrase.h"

namespace annotator::synth {

inline constexpr double frames_per_second = 15;

// A phrase and how many frames it takes.
struct TimedPhrase {
    Phrase phrase;
    int frames = 1;
};

// Dances the phrases one after the other from the pose `start`, and returns the figure at
// each frame, in stage coordinates, without noise. `per_second` gives other moments of the
// same dance than the frames that phrases count in: figure i is at i / per_second seconds.
//
// Joint angles follow a monotone cubic through the keys (Fritsch and Carlson 1980), so
// that they are smooth, never overshoot and rest where two keys agree. The supporting
// foot keeps its place; the lowest sole is on the ground, except in the air, where the
// hips fly a parabola of g t²/8.
std::vector<Figure> danced(const Body& body, const Pose& start, double start_heading,
                           const std::vector<TimedPhrase>& phrases, double per_second = frames_per_second);

}  // namespace annotator::synth
