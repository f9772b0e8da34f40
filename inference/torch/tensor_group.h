#pragma once

#include <torch/torch.h>

#include <cstdint>
#include <memory>
#include <utility>

#include "inference/world.h"

namespace inference {

// Rows [begin, end) of `count` that part `part` of `parts` works on.
std::pair<std::int64_t, std::int64_t> shard(std::int64_t count, std::int64_t part, std::int64_t parts);

// A group that exchanges tensors: LibTorch's c10d, over Gloo. All processes call the same functions in the same order;
// what each gets is the same to the last bit. Where one of them has ended, the next call of the others throws
// std::runtime_error that says so.
//
// Thread: one.
class TensorGroup : public ProcessGroup {
public:
    // Waits until all have come, a minute at most. Throws std::runtime_error naming the address.
    static std::shared_ptr<TensorGroup> join(const World& world);

    // Becomes the sum of what all processes bring. On any device.
    virtual void sum(torch::Tensor& values) = 0;

    // All rows, where each process brings those of its shard of `count`.
    [[nodiscard]] torch::Tensor joined(const torch::Tensor& rows, std::int64_t count);
    // Whether it is so in any of the processes.
    [[nodiscard]] bool any(bool here);
};

}  // namespace inference
