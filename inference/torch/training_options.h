#pragma once

#include "inference/model_family.h"
#include "inference/torch/learner.h"
#include "inference/torch/lesson.h"

namespace inference {

// TrainOptions with all that a family and its overrides say.
struct WantedTraining {
    LearningOptions learning;
    ShapeOptions shape;
    Unlabelled unlabelled = Unlabelled::ignore;
    Pretraining pretraining;
};

// Throws std::invalid_argument for options that the family does not have, or values that they cannot have, by name.
WantedTraining wanted_training(const NetworkKind& kind, const TrainOptions& options, std::size_t labels);

}  // namespace inference
