#pragma once

#include <torch/torch.h>

namespace inference {

// A network that reads motions with a dictionary of primitives.
//
// Thread: as the network's.
class PrimitiveSource {
public:
    virtual ~PrimitiveSource() = default;

    struct Rows {
        torch::Tensor times;       // samples x key times, ascending, in frames of the motion
        torch::Tensor assignment;  // samples x key times x primitives: rows sum to 1
    };
    // Of samples x channels x frames x joints.
    virtual Rows key_primitives(const torch::Tensor& motions) = 0;
    // primitives x features, normalised as they are compared.
    virtual torch::Tensor primitive_rows() = 0;
};

}  // namespace inference
