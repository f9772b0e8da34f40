#pragma once

#include <Eigen/Core>
#include <array>
#include <cstddef>
#include <string_view>

// The dancer's body and how joint angles move it.
//
// Stage coordinates: metres, right-handed, y up from the ground, z towards the camera,
// x to the left of a dancer who faces the camera. Angles are in degrees.
namespace annotator::synth {

// In the order of the layout msr20.
enum class Joint {
    left_shoulder,
    right_shoulder,
    shoulder_centre,
    spine,
    left_hip,
    right_hip,
    hip_centre,
    left_elbow,
    right_elbow,
    left_wrist,
    right_wrist,
    left_hand,
    right_hand,
    left_knee,
    right_knee,
    left_ankle,
    right_ankle,
    left_foot,
    right_foot,
    head,
};
inline constexpr std::size_t joint_count = 20;
// As msr20 calls them, indexed by Joint.
inline constexpr std::array<std::string_view, joint_count> joint_names{
    "left_shoulder", "right_shoulder", "shoulder_centre", "spine",       "left_hip",   "right_hip",  "hip_centre",
    "left_elbow",    "right_elbow",    "left_wrist",      "right_wrist", "left_hand",  "right_hand", "left_knee",
    "right_knee",    "left_ankle",     "right_ankle",     "left_foot",   "right_foot", "head",
};

// Where every joint is.
struct Figure {
    std::array<Eigen::Vector3d, joint_count> joints;

    Eigen::Vector3d& operator[](Joint joint) { return joints[static_cast<std::size_t>(joint)]; }
    const Eigen::Vector3d& operator[](Joint joint) const { return joints[static_cast<std::size_t>(joint)]; }
};

// Bone lengths and heights above the sole, in metres. `girth` scales how thick the
// figure is drawn.
struct Body {
    double height = 0;
    double loin = 0;   // hip centre to spine
    double chest = 0;  // spine to shoulder centre
    double neck = 0;   // shoulder centre to head
    double shoulder_half_width = 0;
    double shoulder_drop = 0;
    double upper_arm = 0;
    double forearm = 0;
    double hand = 0;
    double hip_half_width = 0;
    double hip_drop = 0;
    double thigh = 0;
    double shin = 0;
    double foot = 0;
    double ankle_height = 0;
    double toe_height = 0;
    double girth = 1;
};

struct Proportions {
    double height_metres = 1.72;
    double leg_ratio = 1;  // 1: average; the trunk makes up for it, so that the height stays
    double arm_ratio = 1;
    double girth = 1;
};

// Segment lengths as fractions of the stature after Drillis and Contini (1966).
Body body_of(const Proportions& proportions);

// All zero: upright, arms and legs hanging straight down, feet parallel. The names say
// what a positive angle does. Trunk and head: pitch forwards, roll and yaw to the left.
struct Trunk {
    double pelvis_pitch = 0, pelvis_roll = 0;
    double pitch = 0, roll = 0, yaw = 0;
    double head_pitch = 0, head_roll = 0, head_yaw = 0;
};
// `forward` and `side` raise the arm; together they are one rotation about a slanted
// axis. `twist` turns it about its own length: with the arm held out to the side, the
// elbow bends the forearm forwards at 0, upwards at 90, downwards at -90.
struct Arm {
    double forward = 0, side = 0, twist = 0, elbow = 0, wrist = 0;
};
// As the arm, but measured from the vertical whatever the trunk does. `point` stretches
// the foot downwards.
struct Leg {
    double forward = 0, side = 0, turnout = 0, knee = 0, point = 0;
};
struct Pose {
    Trunk trunk;
    Arm left_arm, right_arm;
    Leg left_leg, right_leg;
};

// The pose seen in a mirror: left and right change places.
Pose mirrored(const Pose& pose);

// Forward kinematics: the hip centre at the origin, facing z. Bone lengths are exact.
Figure figure_of(const Body& body, const Pose& pose);

// Turned to the left about the vertical, then moved.
Figure placed(const Figure& figure, double heading_degrees, const Eigen::Vector3d& root);
Eigen::Vector3d turned(const Eigen::Vector3d& point, double heading_degrees);

// Height of the lowest point of either sole.
double sole_height(const Body& body, const Figure& figure);

}  // namespace annotator::synth
