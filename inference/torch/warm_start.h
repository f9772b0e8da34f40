#pragma once

#include <torch/torch.h>

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "inference/torch/checkpoint.h"

namespace inference {

// An earlier model whose weights a training begins with, where they fit.
struct WarmStart {
    Checkpoint checkpoint;
    std::vector<int> rows;  // of each class, its place among the earlier model's labels; -1 where that did not know it
};

struct WarmFit {
    std::size_t taken = 0;                                    // tensors
    std::vector<std::string> left_out;                        // tensors of the new network that nothing fits
    std::map<std::string, std::vector<std::int64_t>> shapes;  // of all tensors of the new network, by name
};

// Labels are matched by name.
WarmStart warm_start(Checkpoint checkpoint, const std::vector<std::string>& labels);

// Copies the tensor of that name where it is there and has the same shape; of the last layer ("classes.…") the rows of
// the labels that the earlier model knew. `prefix` is that of the names in the checkpoint.
void fill(const WarmStart& warm, const std::string& prefix, const std::string& name, torch::Tensor to, WarmFit& fit);

}  // namespace inference
