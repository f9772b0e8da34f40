#pragma once

#include <string>
#include <utility>

#include "annotator/workflows/synth/phrase.h"

namespace annotator::synth {

// A phrase in the making: change `pose`, then set it down as a key.
class Sketch {
public:
    Sketch(std::string label, double seconds, const Pose& from, double heading)
        : pose(from), heading_(heading), phrase_{.label = std::move(label), .seconds = seconds} {}

    void key(double at, Support support) { phrase_.keys.push_back({at, support, pose, heading_}); }
    void key(double at, Support support, std::string mark) {
        key(at, support);
        phrase_.marks.push_back({at, std::move(mark)});
    }
    void turn(double degrees) { heading_ += degrees; }
    void fly(const Eigen::Vector3d& travel) { phrase_.travel = travel; }
    Phrase done() { return std::move(phrase_); }

    Pose pose;

private:
    double heading_;
    Phrase phrase_;
};

}  // namespace annotator::synth
