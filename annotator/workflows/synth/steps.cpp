#include "annotator/workflows/synth/steps.h"

#include "annotator/workflows/synth/poses.h"
#include "annotator/workflows/synth/sketch.h"

namespace annotator::synth {
namespace {

void swing_arms(Pose& pose, double left_forward, const Dancer& dancer) {
    pose.left_arm = {.forward = left_forward, .side = 18, .twist = -30, .elbow = 60 + dancer.elbow_degrees, .wrist = 0};
    pose.right_arm = pose.left_arm;
    pose.right_arm.forward = -left_forward;
}

}  // namespace

Phrase step_left(const Pose& from, double heading, const Dancer& dancer) {
    const double reach = 17 * dancer.amplitude;
    Sketch sketch("step_left", 0.75, from, heading);
    upright(sketch.pose, dancer);
    weight_on(sketch.pose.right_leg, 10, dancer);
    sketch.pose.right_leg.side += reach / 2;
    lift(sketch.pose.left_leg, 6, reach, 14);
    sketch.key(0.3, Support::right);
    legs_bent(sketch.pose, 6, dancer);
    sketch.pose.left_leg.side += reach;
    sketch.pose.right_leg.side += reach;
    sketch.key(0.5, Support::right);
    sketch.pose.trunk.roll = -6 * dancer.amplitude;
    weight_on(sketch.pose.left_leg, 5, dancer);
    lift(sketch.pose.right_leg, 0, 1.3 * reach, 6);
    sketch.key(0.75, Support::left);
    sketch.pose.trunk.roll = 0;
    legs_straight(sketch.pose, dancer);
    sketch.key(1, Support::left);
    return sketch.done();
}

// A step with a small hop in which the feet meet.
Phrase slide_left(const Pose& from, double heading, const Dancer& dancer) {
    const double reach = 22 * dancer.amplitude;
    Sketch sketch("slide_left", 0.75, from, heading);
    arms_second(sketch.pose, dancer);
    weight_on(sketch.pose.right_leg, 18, dancer);
    sketch.pose.right_leg.side += reach / 2;
    lift(sketch.pose.left_leg, 4, reach, 4);
    sketch.key(0.25, Support::right);
    bend(sketch.pose.left_leg, 16, dancer);
    lift(sketch.pose.right_leg, -4, 1.2 * reach, 8);
    sketch.key(0.5, Support::left);
    weight_on(sketch.pose.left_leg, 0, dancer);
    sketch.pose.left_leg.point = 30;
    lift(sketch.pose.right_leg, 0, reach / 2, 4);
    sketch.key(0.62, Support::left);
    legs_straight(sketch.pose, dancer);
    sketch.pose.left_leg.point = sketch.pose.right_leg.point = 24;
    sketch.key(0.88, Support::air);
    legs_bent(sketch.pose, 9, dancer);
    sketch.key(1, Support::both);
    sketch.fly({0.22 * dancer.amplitude, 0, 0});
    return sketch.done();
}

// Forwards on the left foot, the right one closing.
Phrase step_forward(const Pose& from, double heading, const Dancer& dancer) {
    const double reach = 16 * dancer.amplitude;
    Sketch sketch("step_forward", 0.65, from, heading);
    swing_arms(sketch.pose, -1.5 * reach, dancer);
    weight_on(sketch.pose.right_leg, 6, dancer);
    lift(sketch.pose.left_leg, reach, 2, 18);
    sketch.pose.left_leg.point = 5;
    sketch.key(0.28, Support::right);
    legs_straight(sketch.pose, dancer);
    sketch.pose.trunk.pelvis_roll = 5 * dancer.amplitude;
    sketch.pose.left_leg.forward = reach;
    sketch.pose.right_leg.forward = -reach;
    sketch.pose.right_leg.point = 20;
    sketch.key(0.5, Support::right);
    weight_on(sketch.pose.left_leg, 4, dancer);
    lift(sketch.pose.right_leg, -reach / 2, 4, 38);
    swing_arms(sketch.pose, 0, dancer);
    sketch.key(0.76, Support::left);
    sketch.pose.trunk.pelvis_roll = 0;
    legs_straight(sketch.pose, dancer);
    sketch.key(1, Support::left);
    return sketch.done();
}

// Backwards on the right foot, the left one closing.
Phrase step_back(const Pose& from, double heading, const Dancer& dancer) {
    const double reach = 16 * dancer.amplitude;
    Sketch sketch("step_back", 0.65, from, heading);
    swing_arms(sketch.pose, 1.5 * reach, dancer);
    weight_on(sketch.pose.left_leg, 8, dancer);
    lift(sketch.pose.right_leg, -reach, 2, 20);
    sketch.key(0.28, Support::left);
    legs_straight(sketch.pose, dancer);
    sketch.pose.trunk.pelvis_roll = -5 * dancer.amplitude;
    sketch.pose.left_leg.forward = reach;
    sketch.pose.right_leg.forward = -reach;
    sketch.pose.right_leg.point = 20;
    sketch.key(0.5, Support::left);
    weight_on(sketch.pose.right_leg, 4, dancer);
    lift(sketch.pose.left_leg, reach / 2, 2, 16);
    swing_arms(sketch.pose, 0, dancer);
    sketch.key(0.76, Support::right);
    sketch.pose.trunk.pelvis_roll = 0;
    legs_straight(sketch.pose, dancer);
    sketch.key(1, Support::right);
    return sketch.done();
}

}  // namespace annotator::synth
