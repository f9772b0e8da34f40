#pragma once

#include <torch/torch.h>

#include <cstdint>
#include <vector>

namespace inference {

struct MsTcnShape {
    std::int64_t channels = 0;  // 9 joints
    std::int64_t units = 0;
    int stages = 2;
    int layers = 8;  // of each stage, dilated by 1, 2, 4 …
    std::int64_t width = 64;
    double dropout = 0.5;  // of each layer's change, in training
};

struct MsTcnOutput {
    std::vector<torch::Tensor> units;  // of each stage, samples x units x frames: logits
    torch::Tensor boundaries;          // samples x 2 x frames: logits of a unit's start and end
};

// The cheap model of frames (models.md 2.4) after MS-TCN (Farha and Gall 2019): a stage of dilated residual layers
// guesses the units of all frames, and each later one corrects the probabilities of the one before it. Boundaries are
// read off the last stage's features. Nothing couples the samples of a batch.
//
// Thread: one at a time.
class MsTcnNetwork : public torch::nn::Module {
public:
    explicit MsTcnNetwork(const MsTcnShape& shape);

    // `motions` are samples x channels x frames. `mask`, samples x frames, is 1 where a sample has a frame and 0 where
    // it is padded; undefined where all are full. Logits of padded frames are 0.
    MsTcnOutput forward(const torch::Tensor& motions, const torch::Tensor& mask = {});
    [[nodiscard]] std::int64_t parameter_count() const;

private:
    torch::nn::ModuleList stages_;
    torch::nn::Conv1d boundaries_{nullptr};
};

}  // namespace inference
