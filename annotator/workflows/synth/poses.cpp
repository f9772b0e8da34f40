#include "annotator/workflows/synth/poses.h"

#include <cmath>
#include <numbers>

namespace annotator::synth {
namespace {

constexpr double stance_degrees = 5;    // of each leg, feet a little apart
constexpr double balance_degrees = -4;  // of a leg that stands alone
constexpr double relaxed_knee_degrees = 2;
constexpr double stretched_foot_degrees = 40;

void both_arms(Pose& pose, const Arm& arm) { pose.left_arm = pose.right_arm = arm; }

}  // namespace

Pose neutral_pose(const Dancer& dancer) {
    Pose pose;
    upright(pose, dancer);
    arms_low(pose, dancer);
    legs_straight(pose, dancer);
    return pose;
}

void upright(Pose& pose, const Dancer& dancer) {
    pose.trunk = Trunk{};
    pose.trunk.pitch = dancer.lean_degrees;
    pose.trunk.head_pitch = -dancer.lean_degrees;
}

void arms_low(Pose& pose, const Dancer& dancer) {
    both_arms(pose, {.forward = 8, .side = 16, .twist = -35, .elbow = 8 + dancer.elbow_degrees, .wrist = 5});
}

void arms_first(Pose& pose, const Dancer& dancer) {
    both_arms(pose, {.forward = 40, .side = 32, .twist = -62, .elbow = 42 + dancer.elbow_degrees / 2, .wrist = 10});
}

void arms_second(Pose& pose, const Dancer& dancer) {
    both_arms(pose, {.forward = 14,
                     .side = 82 * std::sqrt(dancer.amplitude),
                     .twist = -25,
                     .elbow = 4 + dancer.elbow_degrees,
                     .wrist = 8});
}

void arms_high(Pose& pose, const Dancer& dancer) {
    both_arms(pose, {.forward = 18,
                     .side = 150 + 10 * dancer.amplitude,
                     .twist = 80,
                     .elbow = 22 + dancer.elbow_degrees,
                     .wrist = 8});
}

void bend(Leg& leg, double depth, const Dancer& dancer) {
    const double turnout = dancer.turnout_degrees;
    const double direction = turnout * std::numbers::pi / 180;
    leg = {.forward = depth * std::cos(direction),
           .side = stance_degrees + depth * std::sin(direction),
           .turnout = turnout,
           .knee = 2 * depth,
           .point = -depth};
}

void legs_bent(Pose& pose, double depth, const Dancer& dancer) {
    bend(pose.left_leg, depth, dancer);
    bend(pose.right_leg, depth, dancer);
}

void legs_straight(Pose& pose, const Dancer& dancer) { legs_bent(pose, relaxed_knee_degrees, dancer); }

void weight_on(Leg& leg, double depth, const Dancer& dancer) {
    bend(leg, depth, dancer);
    leg.side += balance_degrees - stance_degrees;
}

void lift(Leg& leg, double forward, double side, double knee) {
    leg.forward = forward;
    leg.side = side;
    leg.knee = knee;
    leg.point = stretched_foot_degrees;
}

}  // namespace annotator::synth
