#include "annotator/workflows/synth/arms_and_bends.h"

#include "annotator/workflows/synth/poses.h"
#include "annotator/workflows/synth/sketch.h"

namespace annotator::synth {
namespace {

void lean_left(Pose& pose, double degrees, const Dancer& dancer) {
    legs_bent(pose, 7, dancer);
    pose.trunk.pelvis_roll = -0.4 * degrees;
    pose.trunk.roll = 1.3 * degrees;
    pose.trunk.head_roll = 0.5 * degrees;
    pose.left_leg.side -= 0.7 * degrees;
    pose.right_leg.side += 0.7 * degrees;
}

}  // namespace

Phrase hold(const Pose& from, double heading, const Dancer& dancer) {
    Sketch sketch("hold", 0.6, from, heading);
    legs_straight(sketch.pose, dancer);
    sketch.key(0.4, Support::both);
    sketch.key(1, Support::both);
    return sketch.done();
}

Phrase plie(const Pose& from, double heading, const Dancer& dancer) {
    Sketch sketch("plie", 0.9, from, heading);
    upright(sketch.pose, dancer);
    arms_second(sketch.pose, dancer);
    sketch.pose.left_arm.side = sketch.pose.right_arm.side = 50 * dancer.amplitude;
    legs_bent(sketch.pose, 40 * dancer.amplitude, dancer);
    sketch.key(0.5, Support::both, "plie_bottom");
    arms_low(sketch.pose, dancer);
    legs_straight(sketch.pose, dancer);
    sketch.key(1, Support::both);
    return sketch.done();
}

Phrase releve(const Pose& from, double heading, const Dancer& dancer) {
    Sketch sketch("releve", 1.0, from, heading);
    upright(sketch.pose, dancer);
    arms_high(sketch.pose, dancer);
    legs_bent(sketch.pose, 0, dancer);
    sketch.pose.left_leg.point = sketch.pose.right_leg.point = 42;
    sketch.key(0.45, Support::both, "releve_top");
    sketch.key(0.65, Support::both);
    arms_second(sketch.pose, dancer);
    legs_straight(sketch.pose, dancer);
    sketch.key(1, Support::both);
    return sketch.done();
}

// The lift runs from the shoulder through elbow and wrist to the hand.
Phrase arm_wave_left(const Pose& from, double heading, const Dancer& dancer) {
    const double size = dancer.amplitude;
    Sketch sketch("arm_wave_left", 1.0, from, heading);
    upright(sketch.pose, dancer);
    legs_bent(sketch.pose, 8, dancer);
    Arm& arm = sketch.pose.left_arm;
    sketch.pose.trunk.roll = -5 * size;
    arm = {.forward = 8, .side = 78 + 30 * size, .twist = -85, .elbow = 55 * size, .wrist = 35 * size};
    sketch.key(0.25, Support::both);
    sketch.pose.trunk.roll = 8 * size;
    arm = {.forward = 8, .side = 88 - 28 * size, .twist = 85, .elbow = 58 * size, .wrist = -35 * size};
    sketch.key(0.5, Support::both, "wave_crest");
    arm = {.forward = 8, .side = 88 + 12 * size, .twist = 85, .elbow = 12, .wrist = 45 * size};
    sketch.key(0.72, Support::both);
    sketch.pose.trunk.roll = 0;
    arm = {.forward = 8, .side = 84, .twist = 0, .elbow = 6, .wrist = 0};
    legs_straight(sketch.pose, dancer);
    sketch.key(1, Support::both);
    return sketch.done();
}

// Reverence: one arm before the waist, the other held back.
Phrase bow(const Pose& from, double heading, const Dancer& dancer) {
    const double depth = dancer.amplitude;
    Sketch sketch("bow", 1.2, from, heading);
    upright(sketch.pose, dancer);
    arms_second(sketch.pose, dancer);
    sketch.key(0.3, Support::both);
    sketch.pose.trunk.pelvis_pitch = 42 * depth;
    sketch.pose.trunk.pitch += 22 * depth;
    sketch.pose.trunk.head_pitch = 24 * depth;
    sketch.pose.left_arm = {.forward = 34, .side = 14, .twist = -75, .elbow = 82, .wrist = 0};
    sketch.pose.right_arm = {.forward = -26, .side = 46, .twist = 0, .elbow = 10, .wrist = 5};
    legs_bent(sketch.pose, 8, dancer);
    sketch.key(0.8, Support::both, "bow_bottom");
    sketch.key(1, Support::both);
    return sketch.done();
}

Phrase rise(const Pose& from, double heading, const Dancer& dancer) {
    Sketch sketch("rise", 1.0, from, heading);
    sketch.pose.trunk.pelvis_pitch *= 0.4;
    sketch.pose.trunk.head_pitch = 30 * dancer.amplitude;
    sketch.key(0.4, Support::both);
    upright(sketch.pose, dancer);
    arms_second(sketch.pose, dancer);
    legs_straight(sketch.pose, dancer);
    sketch.key(1, Support::both);
    return sketch.done();
}

Phrase arms_up(const Pose& from, double heading, const Dancer& dancer) {
    Sketch sketch("arms_up", 0.95, from, heading);
    upright(sketch.pose, dancer);
    legs_straight(sketch.pose, dancer);
    arms_first(sketch.pose, dancer);
    sketch.pose.trunk.head_pitch += 8;
    sketch.key(0.4, Support::both);
    arms_high(sketch.pose, dancer);
    sketch.pose.trunk.pitch -= 6 * dancer.amplitude;
    sketch.pose.trunk.head_pitch = -14 * dancer.amplitude;
    sketch.key(0.85, Support::both, "arms_high");
    sketch.key(1, Support::both);
    return sketch.done();
}

Phrase arms_open(const Pose& from, double heading, const Dancer& dancer) {
    Sketch sketch("arms_open", 0.85, from, heading);
    upright(sketch.pose, dancer);
    legs_straight(sketch.pose, dancer);
    arms_second(sketch.pose, dancer);
    sketch.pose.trunk.head_yaw = 18 * dancer.amplitude;
    sketch.key(0.8, Support::both);
    sketch.key(1, Support::both);
    return sketch.done();
}

Phrase arms_down(const Pose& from, double heading, const Dancer& dancer) {
    Sketch sketch("arms_down", 0.85, from, heading);
    upright(sketch.pose, dancer);
    sketch.pose.trunk.head_pitch += 10;
    legs_bent(sketch.pose, 6, dancer);
    arms_low(sketch.pose, dancer);
    sketch.key(0.75, Support::both);
    upright(sketch.pose, dancer);
    legs_straight(sketch.pose, dancer);
    sketch.key(1, Support::both);
    return sketch.done();
}

Phrase sway(const Pose& from, double heading, const Dancer& dancer) {
    const double size = 14 * dancer.amplitude;
    Sketch sketch("sway", 1.2, from, heading);
    lean_left(sketch.pose, size, dancer);
    sketch.key(0.28, Support::both, "sway_side");
    lean_left(sketch.pose, -size, dancer);
    sketch.key(0.76, Support::both, "sway_side");
    upright(sketch.pose, dancer);
    legs_straight(sketch.pose, dancer);
    sketch.key(1, Support::both);
    return sketch.done();
}

}  // namespace annotator::synth
