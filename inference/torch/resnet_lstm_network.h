#pragma once

#include <torch/torch.h>

#include <array>

#include "inference/torch/clip_network.h"

namespace inference {

// The defaults are those of paper 002: ResNet-50 and an LSTM of 512.
struct ResnetLstmShape {
    int classes = 0;
    std::int64_t width = 64;  // of the first stage; every stage doubles it
    std::array<int, 4> blocks{3, 4, 6, 3};
    std::int64_t lstm = 512;
    double dropout = 0.5;
    int frames = 16;  // of a clip, and the side of its frames, that the network is meant for; it takes others
    int side = 224;

    [[nodiscard]] std::int64_t features() const { return width * 8 * 4; }  // of a frame, after the last stage
};

// What a processor can train.
ResnetLstmShape resnet_lite(int classes);

// Frames, ... x 3 x height x width with RGB in 0 … 1, normalised by the mean and deviation of ImageNet's channels, as
// published weights expect them.
torch::Tensor imagenet_normalised(const torch::Tensor& frames);

// models.md 2.3: a ResNet of bottlenecks (He et al. 2016) reads each frame, an LSTM their sequence, and the mean of
// what the first says is put beside the last state of the second.
//
// Parameters and buffers up to the LSTM bear the names of torchvision's ResNets (conv1.weight … layer4.2.bn3.bias), so
// that published weights can be put in by name.
//
// Thread: one at a time. In evaluation mode samples are not coupled.
class ResnetLstm : public torch::nn::Module {
public:
    explicit ResnetLstm(const ResnetLstmShape& shape);

    [[nodiscard]] const ResnetLstmShape& shape() const { return shape_; }
    // Frames: samples x frames x 3 x height x width, normalised. The embedding is what the classes are told by,
    // samples x (features + lstm).
    ClipOutput forward(const torch::Tensor& frames);

private:
    torch::nn::Sequential stage(std::int64_t width, int blocks, std::int64_t stride);
    // frames x features from frames x 3 x height x width.
    torch::Tensor features_of(const torch::Tensor& frames);

    ResnetLstmShape shape_;
    std::int64_t channels_ = 0;  // that the next stage takes
    torch::nn::Conv2d conv1_{nullptr};
    torch::nn::BatchNorm2d bn1_{nullptr};
    std::array<torch::nn::Sequential, 4> stages_{nullptr, nullptr, nullptr, nullptr};
    torch::nn::LSTM lstm_{nullptr};
    torch::nn::Linear classes_{nullptr};
};

}  // namespace inference
