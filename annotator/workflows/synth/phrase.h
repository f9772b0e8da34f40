#pragma once

#include <string>
#include <vector>

#include "annotator/workflows/synth/body.h"

namespace annotator::synth {

// Which foot stays where it is on the way to a key.
enum class Support { both, left, right, air };

// A pose to pass through, at a fraction of the phrase in (0, 1]. `heading` is the turn
// to the left since the dancer faced the camera, in degrees; it may exceed a full turn.
struct Key {
    double at = 1;
    Support support = Support::both;
    Pose pose;
    double heading = 0;
};

// A pose with a name, at a fraction of its phrase.
struct Mark {
    double at = 0;
    std::string label;
};

// One motion primitive as danced once: where it leads, not where it comes from. Its last
// key is at 1. `travel` is how far the dancer flies while in the air, in metres, in the
// direction faced at take-off (x left, z forwards).
struct Phrase {
    std::string label;
    double seconds = 1;
    std::vector<Key> keys = {};
    std::vector<Mark> marks = {};
    Eigen::Vector3d travel = Eigen::Vector3d::Zero();

    [[nodiscard]] const Pose& last_pose() const { return keys.back().pose; }
    [[nodiscard]] double last_heading() const { return keys.back().heading; }
};

// Seen in a mirror: left and right change places, also in the names.
Phrase mirrored(Phrase phrase);
// `name` with its suffix _left or _right exchanged.
std::string mirrored_name(const std::string& name);

}  // namespace annotator::synth
