#pragma once

#include "annotator/workflows/synth/dancer.h"
#include "annotator/workflows/synth/phrase.h"

// Primitives that carry the dancer along the ground. See primitives.h for what they have in common.
namespace annotator::synth {

Phrase step_left(const Pose& from, double heading, const Dancer& dancer);
Phrase slide_left(const Pose& from, double heading, const Dancer& dancer);
Phrase step_forward(const Pose& from, double heading, const Dancer& dancer);
Phrase step_back(const Pose& from, double heading, const Dancer& dancer);

}  // namespace annotator::synth
