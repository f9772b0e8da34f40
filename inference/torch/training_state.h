#pragma once

#include <torch/torch.h>

#include <map>
#include <string>

#include "inference/curriculum.h"
#include "inference/random.h"

namespace inference {

// What a training needs to go on where it was, as tensors by name.
using TrainingState = std::map<std::string, torch::Tensor>;

// Throws std::runtime_error when there is no such tensor, or it is of another kind.
const torch::Tensor& part_of(const TrainingState& state, const std::string& name, torch::ScalarType type);
// The same, copied over `to`. Throws when the sizes differ.
void copy_part(const TrainingState& state, const std::string& name, torch::Tensor to);

void add_step(TrainingState& state, int step);
int step_of(const TrainingState& state);
void add(TrainingState& state, const Random& random);
void go_on_from(const TrainingState& state, Random& random);
void add(TrainingState& state, const Curriculum& curriculum);
void go_on_from(const TrainingState& state, Curriculum& curriculum);

}  // namespace inference
