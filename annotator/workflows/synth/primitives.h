#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "annotator/workflows/synth/dancer.h"
#include "annotator/workflows/synth/phrase.h"

// The vocabulary of motion units. Each starts from whatever pose came before and ends on
// both feet, so that any may follow any. Headings are those of Key.
namespace annotator::synth {

// Primitives are written down to the left; to the right they are seen in a mirror, and
// step_left becomes step_right.
enum class Side { left, right };
inline Side other(Side side) { return side == Side::left ? Side::right : Side::left; }

// Every label that a phrase may have, and every label that its marks may have, sorted.
std::vector<std::string> primitive_labels();
std::vector<std::string> key_pose_labels();

// The primitive as this dancer does it, at an even tempo. `name` is that of the left
// side. Throws std::out_of_range on an unknown name.
Phrase primitive(std::string_view name, Side side, const Pose& from, double heading, const Dancer& dancer);

// The primitive "preparation": gathers, and turns to face `heading_after` in passing.
Phrase preparation(const Pose& from, double heading, double heading_after, const Dancer& dancer);

}  // namespace annotator::synth
