#pragma once

#include <torch/torch.h>

#include <cstdint>

#include "inference/torch/tensor_group.h"

namespace inference {

// Batch normalisation (Ioffe and Szegedy 2015) of samples x channels x anything, with LibTorch's names and constants.
// Where a batch is divided among processes, mean and variance are those of the whole of it.
class BatchNormImpl : public torch::nn::Module {
public:
    explicit BatchNormImpl(std::int64_t channels);
    torch::Tensor forward(const torch::Tensor& values);

    // Gives what it does to the convolution before it and does nothing itself any more. For asking alone.
    void fold_into(torch::nn::Conv2dImpl& convolution);
    // The same where two convolutions are added up, `share` of the first and the rest of the second.
    void fold_into(torch::nn::Conv2dImpl& first, torch::nn::Conv2dImpl& second, const torch::Tensor& share);

    TensorGroup* group = nullptr;  // that the batch is divided among, in training

private:
    torch::Tensor over_all(const torch::Tensor& values);
    [[nodiscard]] torch::Tensor scale() const;

    bool folded_ = false;
    torch::Tensor weight_, bias_, running_mean_, running_variance_;
};
TORCH_MODULE(BatchNorm);

}  // namespace inference
