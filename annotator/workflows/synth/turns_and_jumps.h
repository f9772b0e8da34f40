#pragma once

#include "annotator/workflows/synth/dancer.h"
#include "annotator/workflows/synth/phrase.h"

// Primitives on one leg or in the air. See primitives.h for what they have in common.
namespace annotator::synth {

Phrase turn_left(const Pose& from, double heading, const Dancer& dancer);
Phrase jump(const Pose& from, double heading, const Dancer& dancer);
Phrase kick_left(const Pose& from, double heading, const Dancer& dancer);
Phrase leap_left(const Pose& from, double heading, const Dancer& dancer);

}  // namespace annotator::synth
