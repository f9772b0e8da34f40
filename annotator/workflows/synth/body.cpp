#include "annotator/workflows/synth/body.h"

#include <Eigen/Geometry>
#include <algorithm>
#include <numbers>

namespace annotator::synth {
namespace {

using Eigen::Matrix3d;
using Eigen::Vector3d;

constexpr double radians_per_degree = std::numbers::pi / 180;
constexpr double left_sign = 1;
constexpr double right_sign = -1;

Matrix3d rotation(const Vector3d& degrees) {
    const double angle = degrees.norm();
    if (angle == 0) return Matrix3d::Identity();
    return Eigen::AngleAxisd(angle * radians_per_degree, degrees / angle).toRotationMatrix();
}

Matrix3d about_x(double degrees) { return rotation({degrees, 0, 0}); }
Matrix3d about_y(double degrees) { return rotation({0, degrees, 0}); }

Matrix3d limb_rotation(double forward, double side, double twist, double sign) {
    return rotation({-forward, 0, sign * side}) * about_y(sign * twist);
}

struct ArmJoints {
    Joint shoulder, elbow, wrist, hand;
};
struct LegJoints {
    Joint hip, knee, ankle, foot;
};

void hang_arm(Figure& figure, const Body& body, const Arm& arm, const ArmJoints& joints, const Matrix3d& chest,
              double sign) {
    figure[joints.shoulder] =
        figure[Joint::shoulder_centre] + chest * Vector3d(sign * body.shoulder_half_width, -body.shoulder_drop, 0);
    const Matrix3d upper = chest * limb_rotation(arm.forward, arm.side, arm.twist, sign);
    const Matrix3d lower = upper * about_x(-arm.elbow);
    const Matrix3d hand = lower * about_x(-arm.wrist);
    figure[joints.elbow] = figure[joints.shoulder] + upper * Vector3d(0, -body.upper_arm, 0);
    figure[joints.wrist] = figure[joints.elbow] + lower * Vector3d(0, -body.forearm, 0);
    figure[joints.hand] = figure[joints.wrist] + hand * Vector3d(0, -body.hand, 0);
}

void hang_leg(Figure& figure, const Body& body, const Leg& leg, const LegJoints& joints, const Matrix3d& pelvis,
              double sign) {
    figure[joints.hip] = figure[Joint::hip_centre] + pelvis * Vector3d(sign * body.hip_half_width, -body.hip_drop, 0);
    const Matrix3d thigh = limb_rotation(leg.forward, leg.side, leg.turnout, sign);
    const Matrix3d shin = thigh * about_x(leg.knee);
    const Matrix3d foot = shin * about_x(leg.point);
    const double rise = body.ankle_height - body.toe_height;
    figure[joints.knee] = figure[joints.hip] + thigh * Vector3d(0, -body.thigh, 0);
    figure[joints.ankle] = figure[joints.knee] + shin * Vector3d(0, -body.shin, 0);
    figure[joints.foot] = figure[joints.ankle] + foot * Vector3d(0, -rise, body.foot);
}

}  // namespace

Body body_of(const Proportions& proportions) {
    const double h = proportions.height_metres;
    const double legs = proportions.leg_ratio;
    constexpr double hip_height = 0.53;
    const double trunk = (1 - hip_height * legs) / (1 - hip_height);
    Body body;
    body.height = h;
    body.loin = 0.10 * h * trunk;
    body.chest = 0.185 * h * trunk;
    body.neck = 0.095 * h * trunk;
    body.shoulder_half_width = 0.105 * h;
    body.shoulder_drop = 0.03 * h;
    body.upper_arm = 0.172 * h * proportions.arm_ratio;
    body.forearm = 0.146 * h * proportions.arm_ratio;
    body.hand = 0.05 * h * proportions.arm_ratio;
    body.hip_half_width = 0.052 * h;
    body.hip_drop = 0.03 * h;
    body.thigh = 0.245 * h * legs;
    body.shin = 0.246 * h * legs;
    body.foot = 0.085 * h;
    body.ankle_height = 0.039 * h * legs;
    body.toe_height = 0.012 * h;
    body.girth = proportions.girth;
    return body;
}

Pose mirrored(const Pose& pose) {
    Pose result = pose;
    std::swap(result.left_arm, result.right_arm);
    std::swap(result.left_leg, result.right_leg);
    Trunk& trunk = result.trunk;
    for (double* angle : {&trunk.pelvis_roll, &trunk.roll, &trunk.yaw, &trunk.head_roll, &trunk.head_yaw})
        *angle = -*angle;
    return result;
}

Figure figure_of(const Body& body, const Pose& pose) {
    const Trunk& trunk = pose.trunk;
    const Matrix3d pelvis = rotation({trunk.pelvis_pitch, 0, -trunk.pelvis_roll});
    const Matrix3d chest = pelvis * rotation({trunk.pitch, trunk.yaw, -trunk.roll});
    const Matrix3d head = chest * rotation({trunk.head_pitch, trunk.head_yaw, -trunk.head_roll});
    Figure figure;
    figure[Joint::hip_centre] = Vector3d::Zero();
    figure[Joint::spine] = pelvis * Vector3d(0, body.loin, 0);
    figure[Joint::shoulder_centre] = figure[Joint::spine] + chest * Vector3d(0, body.chest, 0);
    figure[Joint::head] = figure[Joint::shoulder_centre] + head * Vector3d(0, body.neck, 0);
    hang_arm(figure, body, pose.left_arm,
             {Joint::left_shoulder, Joint::left_elbow, Joint::left_wrist, Joint::left_hand}, chest, left_sign);
    hang_arm(figure, body, pose.right_arm,
             {Joint::right_shoulder, Joint::right_elbow, Joint::right_wrist, Joint::right_hand}, chest, right_sign);
    hang_leg(figure, body, pose.left_leg, {Joint::left_hip, Joint::left_knee, Joint::left_ankle, Joint::left_foot},
             pelvis, left_sign);
    hang_leg(figure, body, pose.right_leg, {Joint::right_hip, Joint::right_knee, Joint::right_ankle, Joint::right_foot},
             pelvis, right_sign);
    return figure;
}

Vector3d turned(const Vector3d& point, double heading_degrees) { return about_y(heading_degrees) * point; }

Figure placed(const Figure& figure, double heading_degrees, const Vector3d& root) {
    const Matrix3d heading = about_y(heading_degrees);
    Figure result;
    for (std::size_t joint = 0; joint < joint_count; ++joint)
        result.joints[joint] = heading * figure.joints[joint] + root;
    return result;
}

double sole_height(const Body& body, const Figure& figure) {
    return std::min({figure[Joint::left_foot].y() - body.toe_height, figure[Joint::right_foot].y() - body.toe_height,
                     figure[Joint::left_ankle].y() - body.ankle_height,
                     figure[Joint::right_ankle].y() - body.ankle_height});
}

}  // namespace annotator::synth
