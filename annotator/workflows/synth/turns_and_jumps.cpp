#include "annotator/workflows/synth/turns_and_jumps.h"

#include "annotator/workflows/synth/poses.h"
#include "annotator/workflows/synth/sketch.h"

namespace annotator::synth {
namespace {

constexpr double full_turn = 360;

}  // namespace

// A full turn on the right leg, the left foot at its knee.
Phrase turn_left(const Pose& from, double heading, const Dancer& dancer) {
    Sketch sketch("turn_left", 1.15, from, heading);
    upright(sketch.pose, dancer);
    arms_first(sketch.pose, dancer);
    sketch.pose.left_arm.side = 70;
    legs_bent(sketch.pose, 26 * dancer.amplitude, dancer);
    sketch.pose.left_leg.side += 6;
    sketch.key(0.2, Support::both);
    arms_first(sketch.pose, dancer);
    weight_on(sketch.pose.right_leg, 0, dancer);
    sketch.pose.right_leg.point = 35;
    lift(sketch.pose.left_leg, 38 * dancer.amplitude, 45, 105);
    sketch.pose.left_leg.turnout = 45;
    sketch.turn(full_turn * 0.22);
    sketch.key(0.36, Support::right);
    sketch.turn(full_turn * 0.36);
    sketch.key(0.56, Support::right, "turn_back");
    sketch.turn(full_turn * 0.36);
    sketch.key(0.76, Support::right);
    sketch.turn(full_turn * 0.06);
    arms_second(sketch.pose, dancer);
    legs_bent(sketch.pose, 12, dancer);
    sketch.key(1, Support::right);
    return sketch.done();
}

Phrase jump(const Pose& from, double heading, const Dancer& dancer) {
    Sketch sketch("jump", 1.1, from, heading);
    upright(sketch.pose, dancer);
    arms_low(sketch.pose, dancer);
    sketch.pose.trunk.pitch += 8;
    legs_bent(sketch.pose, 34 * dancer.amplitude, dancer);
    sketch.key(0.26, Support::both);
    upright(sketch.pose, dancer);
    arms_first(sketch.pose, dancer);
    legs_bent(sketch.pose, 0, dancer);
    sketch.pose.left_leg.point = sketch.pose.right_leg.point = 40;
    sketch.key(0.4, Support::both);
    arms_second(sketch.pose, dancer);
    sketch.pose.left_arm.side = sketch.pose.right_arm.side = 105 * dancer.amplitude;
    sketch.key(0.6, Support::air, "jump_apex");
    sketch.pose.left_arm.side = sketch.pose.right_arm.side = 75 * dancer.amplitude;
    legs_bent(sketch.pose, 4, dancer);
    sketch.pose.left_leg.point = sketch.pose.right_leg.point = 28;
    sketch.key(0.8, Support::air);
    sketch.pose.left_arm.side = sketch.pose.right_arm.side = 45 * dancer.amplitude;
    legs_bent(sketch.pose, 26 * dancer.amplitude, dancer);
    sketch.key(0.9, Support::both);
    arms_low(sketch.pose, dancer);
    legs_bent(sketch.pose, 10, dancer);
    sketch.key(1, Support::both);
    return sketch.done();
}

Phrase kick_left(const Pose& from, double heading, const Dancer& dancer) {
    Sketch sketch("kick_left", 1.0, from, heading);
    upright(sketch.pose, dancer);
    arms_second(sketch.pose, dancer);
    weight_on(sketch.pose.right_leg, 8, dancer);
    lift(sketch.pose.left_leg, -12, 4, 28);
    sketch.key(0.22, Support::right);
    weight_on(sketch.pose.right_leg, 3, dancer);
    lift(sketch.pose.left_leg, 82 * dancer.amplitude, 4, 4);
    sketch.pose.trunk.pitch -= 6 * dancer.amplitude;
    sketch.pose.right_arm.forward = 60;
    sketch.pose.right_arm.side = 50;
    sketch.key(0.57, Support::right, "kick_extension");
    upright(sketch.pose, dancer);
    lift(sketch.pose.left_leg, 30, 4, 42);
    arms_second(sketch.pose, dancer);
    sketch.key(0.8, Support::right);
    legs_straight(sketch.pose, dancer);
    sketch.key(1, Support::right);
    return sketch.done();
}

// A grand jete: pushed off with the right leg, split in the air, landed on the left.
Phrase leap_left(const Pose& from, double heading, const Dancer& dancer) {
    const double split = 76 * dancer.amplitude;
    Sketch sketch("leap_left", 1.4, from, heading);
    upright(sketch.pose, dancer);
    arms_low(sketch.pose, dancer);
    weight_on(sketch.pose.right_leg, 26, dancer);
    lift(sketch.pose.left_leg, -10, 2, 20);
    sketch.key(0.2, Support::right);
    weight_on(sketch.pose.right_leg, 0, dancer);
    sketch.pose.right_leg.forward = -14;
    sketch.pose.right_leg.point = 34;
    lift(sketch.pose.left_leg, 0.6 * split, 2, 14);
    arms_second(sketch.pose, dancer);
    sketch.key(0.4, Support::right);
    lift(sketch.pose.left_leg, split, 2, 2);
    lift(sketch.pose.right_leg, -0.9 * split, 2, 6);
    sketch.pose.right_arm = {.forward = 78, .side = 15, .twist = 0, .elbow = dancer.elbow_degrees / 2, .wrist = 5};
    sketch.key(0.55, Support::air, "leap_apex");
    weight_on(sketch.pose.left_leg, 10, dancer);
    sketch.pose.left_leg.forward += 10;
    sketch.pose.left_leg.point = 10;
    lift(sketch.pose.right_leg, -0.65 * split, 4, 12);
    sketch.key(0.74, Support::air);
    arms_second(sketch.pose, dancer);
    weight_on(sketch.pose.left_leg, 22, dancer);
    lift(sketch.pose.right_leg, -32, 4, 30);
    sketch.key(0.86, Support::left);
    legs_bent(sketch.pose, 6, dancer);
    sketch.key(1, Support::left);
    sketch.fly({0, 0, 0.95 * dancer.amplitude});
    return sketch.done();
}

}  // namespace annotator::synth
