#pragma once

#include <torch/torch.h>

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "inference/model_weights.h"

// Weights as values, out of a model's file and into a network.
namespace inference {

// Throws std::runtime_error naming the file.
ModelWeights exported_weights(const std::filesystem::path& file);

using NamedTensors = std::map<std::string, torch::Tensor>;

// What of given weights a network begins with, and what about the others is to be told.
struct StartingPoint {
    NamedTensors tensors;  // f32
    std::vector<std::string> notes;
};

// `own` are the tensors of such a network, by name. Throws std::invalid_argument when the weights do not fit as they
// should, or one that is used holds what is no finite number.
StartingPoint starting_point(const StartingWeights& weights, const NamedTensors& own);

// Copies into the tensors of a network.
void begin_with(const NamedTensors& start, const NamedTensors& own);

}  // namespace inference
