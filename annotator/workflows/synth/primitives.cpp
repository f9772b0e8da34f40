#include "annotator/workflows/synth/primitives.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <set>
#include <stdexcept>

#include "annotator/workflows/synth/arms_and_bends.h"
#include "annotator/workflows/synth/poses.h"
#include "annotator/workflows/synth/sketch.h"
#include "annotator/workflows/synth/steps.h"
#include "annotator/workflows/synth/turns_and_jumps.h"

namespace annotator::synth {
namespace {

constexpr double pivot_degrees = 30;  // turns beyond it are stepped, not slid

using Draw = Phrase (*)(const Pose&, double, const Dancer&);
struct Primitive {
    std::string_view name;
    Draw draw;
};

Phrase prepare(const Pose& from, double heading, const Dancer& dancer) {
    return preparation(from, heading, heading, dancer);
}

constexpr std::array primitives{
    Primitive{"arm_wave_left", arm_wave_left},
    Primitive{"arms_down", arms_down},
    Primitive{"arms_open", arms_open},
    Primitive{"arms_up", arms_up},
    Primitive{"bow", bow},
    Primitive{"hold", hold},
    Primitive{"jump", jump},
    Primitive{"kick_left", kick_left},
    Primitive{"leap_left", leap_left},
    Primitive{"plie", plie},
    Primitive{"preparation", prepare},
    Primitive{"releve", releve},
    Primitive{"rise", rise},
    Primitive{"slide_left", slide_left},
    Primitive{"step_back", step_back},
    Primitive{"step_forward", step_forward},
    Primitive{"step_left", step_left},
    Primitive{"sway", sway},
    Primitive{"turn_left", turn_left},
};

std::vector<Phrase> every_phrase() {
    std::vector<Phrase> phrases;
    for (const Primitive& one : primitives) {
        phrases.push_back(one.draw(Pose{}, 0, Dancer{}));
        phrases.push_back(mirrored(phrases.back()));
    }
    return phrases;
}

}  // namespace

std::vector<std::string> primitive_labels() {
    std::set<std::string> labels;
    for (const Phrase& phrase : every_phrase()) labels.insert(phrase.label);
    return {labels.begin(), labels.end()};
}

std::vector<std::string> key_pose_labels() {
    std::set<std::string> labels;
    for (const Phrase& phrase : every_phrase())
        for (const Mark& mark : phrase.marks) labels.insert(mark.label);
    return {labels.begin(), labels.end()};
}

Phrase primitive(std::string_view name, Side side, const Pose& from, double heading, const Dancer& dancer) {
    const auto found = std::ranges::find(primitives, name, &Primitive::name);
    if (found == primitives.end()) throw std::out_of_range("there is no motion primitive called " + std::string(name));
    if (side == Side::left) return found->draw(from, heading, dancer);
    return mirrored(found->draw(mirrored(from), -heading, dancer));
}

Phrase preparation(const Pose& from, double heading, double heading_after, const Dancer& dancer) {
    Sketch sketch("preparation", 0.7, from, heading);
    const double turn = heading_after - heading;
    upright(sketch.pose, dancer);
    arms_first(sketch.pose, dancer);
    legs_bent(sketch.pose, 8, dancer);
    if (std::abs(turn) > pivot_degrees) {
        Leg& free_leg = turn > 0 ? sketch.pose.left_leg : sketch.pose.right_leg;
        lift(free_leg, 14, 8, 34);
        sketch.turn(turn / 2);
        sketch.key(0.4, turn > 0 ? Support::right : Support::left);
        sketch.turn(turn / 2);
    } else {
        sketch.key(0.4, Support::both);
        sketch.turn(turn);
    }
    arms_second(sketch.pose, dancer);
    sketch.pose.left_arm.side = sketch.pose.right_arm.side = 45;
    legs_straight(sketch.pose, dancer);
    sketch.key(1, turn > pivot_degrees ? Support::right : turn < -pivot_degrees ? Support::left : Support::both);
    return sketch.done();
}

}  // namespace annotator::synth
