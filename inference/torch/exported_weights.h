#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "inference/model_weights.h"
#include "inference/torch/warm_start.h"

// Weights as values, out of a model's file and into a network.
namespace inference {

// Throws std::runtime_error naming the file.
ModelWeights exported_weights(const std::filesystem::path& file);

// Given weights as the earlier model that a training begins with. Classes are matched by label where the weights say
// theirs, else by place where there are as many. Throws std::invalid_argument when one holds what is no finite number.
WarmStart warm_start(const StartingWeights& weights, const std::vector<std::string>& labels);

// What did not fit, for people: tensors that are missing, of another shape or unknown, and labels. Throws
// std::invalid_argument with the same, when the weights should have fitted as a whole or none did.
std::vector<std::string> misfits(const StartingWeights& weights, const WarmStart& warm, const WarmFit& fit,
                                 const std::vector<std::string>& labels);

}  // namespace inference
