#pragma once

#include "annotator/workflows/synth/dancer.h"

// Positions of arms and legs that primitives are made of. Each changes one part of a pose
// and leaves the rest.
namespace annotator::synth {

Pose neutral_pose(const Dancer& dancer);

void upright(Pose& pose, const Dancer& dancer);
void arms_low(Pose& pose, const Dancer& dancer);     // hanging, rounded
void arms_first(Pose& pose, const Dancer& dancer);   // rounded before the waist
void arms_second(Pose& pose, const Dancer& dancer);  // out to the sides
void arms_high(Pose& pose, const Dancer& dancer);    // rounded above the head

// A leg that carries the body with its foot flat: bent by `depth` degrees at the hip and
// twice that at the knee.
void bend(Leg& leg, double depth, const Dancer& dancer);
void legs_bent(Pose& pose, double depth, const Dancer& dancer);
void legs_straight(Pose& pose, const Dancer& dancer);
// The whole weight on that leg, under the middle of the body.
void weight_on(Leg& leg, double depth, const Dancer& dancer);
// A leg in the air, with the foot stretched.
void lift(Leg& leg, double forward, double side, double knee);

}  // namespace annotator::synth
