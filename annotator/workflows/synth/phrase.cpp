#include "annotator/workflows/synth/phrase.h"

namespace annotator::synth {
namespace {

constexpr std::string_view left_suffix = "_left";
constexpr std::string_view right_suffix = "_right";

Support mirrored(Support support) {
    if (support == Support::left) return Support::right;
    if (support == Support::right) return Support::left;
    return support;
}

}  // namespace

std::string mirrored_name(const std::string& name) {
    if (name.ends_with(left_suffix)) return name.substr(0, name.size() - left_suffix.size()).append(right_suffix);
    if (name.ends_with(right_suffix)) return name.substr(0, name.size() - right_suffix.size()).append(left_suffix);
    return name;
}

Phrase mirrored(Phrase phrase) {
    phrase.label = mirrored_name(phrase.label);
    phrase.travel.x() = -phrase.travel.x();
    for (Key& key : phrase.keys) {
        key.support = mirrored(key.support);
        key.pose = mirrored(key.pose);
        key.heading = -key.heading;
    }
    for (Mark& mark : phrase.marks) mark.label = mirrored_name(mark.label);
    return phrase;
}

}  // namespace annotator::synth
