#pragma once

#include <torch/torch.h>

#include <string>
#include <vector>

#include "inference/random.h"

namespace inference {

struct TcnShape {
    int joints = 0;
    int classes = 0;
    int frames = 48;
    int width = 128;
    int layers = 4;  // dilated by 1, 2, 4 …

    [[nodiscard]] std::int64_t features() const { return std::int64_t{9} * joints; }
};

struct TcnOutput {
    torch::Tensor logits;     // samples x classes
    torch::Tensor embedding;  // samples x 2 width: mean and maximum over time
};

// The network of models.md 2.4: normalisation of the input, 1x1 convolution of joint, bone
// and velocity, dilated residual layers, mean and maximum over time, one linear layer.
//
// Nothing couples the samples of a batch once its input is normalised, so that a batch may
// be split between threads. All weights lie in one flat tensor, so that the optimiser
// and the moving average are single loops.
class TcnNetwork {
public:
    // Weights as LibTorch draws them by default.
    TcnNetwork(const TcnShape& shape, Random& random);

    [[nodiscard]] const TcnShape& shape() const { return shape_; }
    [[nodiscard]] TcnNetwork copy() const;
    void to(torch::Device device);
    [[nodiscard]] torch::Device device() const { return flat_.device(); }

    [[nodiscard]] torch::Tensor& flat() { return flat_; }
    [[nodiscard]] const torch::Tensor& flat() const { return flat_; }
    [[nodiscard]] std::int64_t parameters() const { return flat_.numel(); }
    [[nodiscard]] const std::vector<std::string>& names() const { return names_; }
    // Views of `flat`, by the order of names(); of another flat tensor where one is given.
    [[nodiscard]] std::vector<torch::Tensor> views(const torch::Tensor& flat) const;
    [[nodiscard]] std::vector<torch::Tensor> views() const { return views(flat_); }
    // Of each weight in `flat`: 1 where it belongs to a matrix, which decays, else 0.
    [[nodiscard]] std::vector<float> decays() const;

    torch::Tensor running_mean, running_variance;  // of the input features

    // samples x features x frames from samples x frames x features, normalised by what was
    // seen in training.
    [[nodiscard]] torch::Tensor normalised(const torch::Tensor& features) const;
    // … by the batch itself, which the running values follow.
    torch::Tensor normalised_in_training(const torch::Tensor& features);

    // `weights` as from views(). `masks`, one a layer and one for the embedding, are the
    // dropout of training, and empty otherwise.
    [[nodiscard]] TcnOutput forward(const torch::Tensor& normalised, const std::vector<torch::Tensor>& weights,
                                    const std::vector<torch::Tensor>& masks = {}) const;

private:
    struct Slot {
        std::vector<std::int64_t> sizes;
        std::int64_t offset = 0;
        std::int64_t count = 0;
        std::int64_t fan_in = 0;  // 0: not drawn at random
    };
    void add(const std::string& name, std::vector<std::int64_t> sizes, std::int64_t fan_in);

    TcnShape shape_;
    std::vector<std::string> names_;
    std::vector<Slot> slots_;
    torch::Tensor flat_;
};

}  // namespace inference
