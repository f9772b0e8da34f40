#pragma once

#include "inference/primitives.h"
#include "inference/torch/motion_classifier.h"

namespace inference {

// The dictionary of a classifier's network; of no primitives where it has none.
PrimitiveTable primitive_table(const MotionClassifier& classifier);

// One a motion, in frames of the sequences. nullopt when stopped. Throws std::invalid_argument where the network has no
// dictionary.
std::optional<std::vector<PrimitiveReading>> primitives_in(const MotionClassifier& classifier, const MotionSet& motions,
                                                           const std::stop_token& stop);

}  // namespace inference
