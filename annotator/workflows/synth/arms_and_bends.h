#pragma once

#include "annotator/workflows/synth/dancer.h"
#include "annotator/workflows/synth/phrase.h"

// Primitives on the spot. See primitives.h for what they have in common.
namespace annotator::synth {

Phrase hold(const Pose& from, double heading, const Dancer& dancer);
Phrase plie(const Pose& from, double heading, const Dancer& dancer);
Phrase releve(const Pose& from, double heading, const Dancer& dancer);
Phrase arm_wave_left(const Pose& from, double heading, const Dancer& dancer);
Phrase bow(const Pose& from, double heading, const Dancer& dancer);
Phrase rise(const Pose& from, double heading, const Dancer& dancer);
Phrase arms_up(const Pose& from, double heading, const Dancer& dancer);
Phrase arms_open(const Pose& from, double heading, const Dancer& dancer);
Phrase arms_down(const Pose& from, double heading, const Dancer& dancer);
Phrase sway(const Pose& from, double heading, const Dancer& dancer);

}  // namespace annotator::synth
