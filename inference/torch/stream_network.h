#pragma once

#include <torch/torch.h>

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace inference {

struct StreamOutput {
    std::vector<torch::Tensor> units;  // of each stage, the last one counts: samples x labels x frames, logits
    torch::Tensor boundaries;          // samples x 2 x frames: logits of a segment's first and last frame
};

// A network that reads windows of streams.
//
// Thread: one at a time.
class StreamNetwork : public torch::nn::Module {
public:
    // `motions`: samples x frames x values, as motion_features writes them. `mask`, samples x frames, is 1 where a
    // sample has a frame and 0 where it is padded.
    virtual StreamOutput forward(const torch::Tensor& motions, const torch::Tensor& mask) = 0;

    [[nodiscard]] std::int64_t parameter_count() const {
        std::int64_t count = 0;
        for (const torch::Tensor& parameter : parameters()) count += parameter.numel();
        return count;
    }
};

// What a stream network is made of; kept with its weights.
struct StreamShape {
    int joints = 0;
    int labels = 0;
    std::map<std::string, double> options;
};

// Throws std::invalid_argument for options out of range.
using MakeStreamNetwork = std::function<std::shared_ptr<StreamNetwork>(const StreamShape& shape)>;

}  // namespace inference
