#pragma once

#include <memory>
#include <string>

#include "inference/stream_model.h"
#include "inference/torch/stream_learner.h"

namespace inference {

// What one family of stream networks brings along.
struct StreamKind {
    std::string name;
    StreamLearning learning;              // as it learns best
    std::map<std::string, double> shape;  // what of it can be chosen, with the usual values
    MakeStreamNetwork make;
};

// A family whose models read streams by a network of that kind.
std::unique_ptr<StreamFamily> stream_family(StreamKind kind);

}  // namespace inference
