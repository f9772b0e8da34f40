#pragma once

#include <span>
#include <vector>

namespace inference {

// The temperature in [0.25, 8] at which softmax(logits / temperature) has the least cross-entropy
// (Guo et al. 2017); 1 without samples. `logits` holds samples x classes.
double fitted_temperature(std::span<const float> logits, std::span<const int> labels, int classes);

// samples x classes probabilities, rows sum to 1.
std::vector<float> softmax(std::span<const float> logits, int classes, double temperature = 1);

}  // namespace inference
