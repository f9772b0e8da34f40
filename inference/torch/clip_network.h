#pragma once

#include <torch/torch.h>

#include <cstdint>
#include <memory>

#include "inference/random.h"
#include "schemas/skeleton.h"

namespace inference {

// What a network says about a batch of motions. A head that a network does not have is an undefined tensor.
struct ClipOutput {
    torch::Tensor logits;      // samples x classes
    torch::Tensor embedding;   // samples x features
    torch::Tensor units;       // samples x units x frames: logits of the motion unit of each frame
    torch::Tensor boundaries;  // samples x 2 x frames: logits of a unit's start and end
    torch::Tensor assignment;  // samples x key times x primitives: rows sum to 1
    torch::Tensor extra_loss;  // a scalar that the network adds to the loss of its batch, weighted already
};

// A network that reads motions of one layout: samples x channels x frames x joints, as motion_features makes them
// (joint, bone, velocity). Every sample fills all frames.
//
// Thread: one at a time.
class ClipNetwork : public torch::nn::Module {
public:
    // In training mode samples may be coupled by the normalisation of the batch; in evaluation mode never.
    virtual ClipOutput forward(const torch::Tensor& motions) = 0;

    // Leaves out what only training needs. Afterwards it can only be asked, and answers as before, to rounding.
    virtual void fold() {}

    // Frames that motions are resampled to.
    [[nodiscard]] virtual int frames() const = 0;

    [[nodiscard]] std::int64_t parameter_count() const {
        std::int64_t count = 0;
        for (const torch::Tensor& parameter : parameters()) count += parameter.numel();
        return count;
    }
};

}  // namespace inference
