#include "annotator/workflows/synth/body.h"

#include <doctest/doctest.h>

#include "annotator/workflows/synth/poses.h"

namespace annotator::synth {
namespace {

const Body average = body_of({});

double distance(const Figure& figure, Joint a, Joint b) { return (figure[a] - figure[b]).norm(); }

}  // namespace

TEST_CASE("a figure stands as tall as its body, whatever the length of its legs") {
    for (const double legs : {0.95, 1.0, 1.05}) {
        const Body body = body_of({.height_metres = 1.8, .leg_ratio = legs});
        const Figure figure = figure_of(body, Pose{});
        const double crown_above_head = 0.06 * body.height;
        CHECK(figure[Joint::head].y() - sole_height(body, figure) + crown_above_head ==
              doctest::Approx(1.8).epsilon(0.01));
    }
}

TEST_CASE("a positive angle moves the limb as its name says") {
    Pose pose;
    pose.left_arm.side = 90;
    pose.right_leg.forward = 90;
    pose.trunk.pitch = 30;
    const Figure figure = figure_of(average, pose);
    CHECK(figure[Joint::left_hand].x() > figure[Joint::left_shoulder].x() + 0.5);
    CHECK(figure[Joint::right_knee].z() > figure[Joint::right_hip].z() + 0.3);
    CHECK(figure[Joint::head].z() > 0.1);
}

TEST_CASE("with the arm out to the side, a twist of 90 degrees bends the forearm upwards") {
    Pose pose;
    pose.left_arm = {.forward = 0, .side = 90, .twist = 90, .elbow = 90, .wrist = 0};
    const Figure figure = figure_of(average, pose);
    CHECK(figure[Joint::left_wrist].y() - figure[Joint::left_elbow].y() == doctest::Approx(average.forearm));
}

TEST_CASE("a turn to the left takes a dancer who faces the camera to the left") {
    CHECK(turned({0, 0, 1}, 90).isApprox(Eigen::Vector3d(1, 0, 0), 1e-12));
}

TEST_CASE("a mirrored pose is the mirror image of the pose") {
    Pose pose;
    pose.trunk = {.pelvis_pitch = 5,
                  .pelvis_roll = 7,
                  .pitch = 3,
                  .roll = 8,
                  .yaw = 20,
                  .head_pitch = 1,
                  .head_roll = 9,
                  .head_yaw = 12};
    pose.left_arm = {.forward = 20, .side = 50, .twist = 30, .elbow = 40, .wrist = 10};
    pose.right_leg = {.forward = 30, .side = 10, .turnout = 20, .knee = 25, .point = 15};
    const Figure figure = figure_of(average, pose);
    const Figure mirror = figure_of(average, mirrored(pose));
    const Eigen::Vector3d flip(-1, 1, 1);
    CHECK(mirror[Joint::right_hand].isApprox(figure[Joint::left_hand].cwiseProduct(flip), 1e-9));
    CHECK(mirror[Joint::left_foot].isApprox(figure[Joint::right_foot].cwiseProduct(flip), 1e-9));
    CHECK(mirror[Joint::head].isApprox(figure[Joint::head].cwiseProduct(flip), 1e-9));
}

TEST_CASE("bent legs with turned-out feet stand flat") {
    Dancer dancer;
    dancer.body = average;
    dancer.turnout_degrees = 40;
    Pose pose = neutral_pose(dancer);
    legs_bent(pose, 40, dancer);
    const Figure figure = figure_of(average, pose);
    const double tilt =
        (figure[Joint::left_ankle].y() - average.ankle_height) - (figure[Joint::left_foot].y() - average.toe_height);
    CHECK(std::abs(tilt) < 0.03);
    CHECK(distance(figure, Joint::left_hip, Joint::left_knee) == doctest::Approx(average.thigh));
}

}  // namespace annotator::synth
