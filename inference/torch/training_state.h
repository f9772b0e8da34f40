#pragma once

#include <torch/torch.h>

#include <map>
#include <span>
#include <string>
#include <vector>

#include "inference/curriculum.h"
#include "inference/early_stopping.h"
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
void add(TrainingState& state, const Teaching& teaching);
void go_on_from(const TrainingState& state, Teaching& teaching);
void add(TrainingState& state, const EarlyStopping& stopping);
void go_on_from(const TrainingState& state, EarlyStopping& stopping);

// Of a training that ended before its last step because somebody who looked on wanted it to.
void mark_ended(TrainingState& state);
bool has_ended(const TrainingState& state);

void add(TrainingState& state, const std::string& name, std::span<const int> numbers);
// Empty where there are none of that name.
std::vector<int> numbers_in(const TrainingState& state, const std::string& name);

}  // namespace inference
