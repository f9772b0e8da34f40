#pragma once

#include <torch/torch.h>

#include <cstdint>
#include <vector>

#include "inference/torch/batch_norm.h"
#include "inference/torch/clip_network.h"

namespace inference {

// The joints depth first from the root, children by their number: most neighbours in this order are bones.
std::vector<std::int64_t> joints_depth_first(const schemas::SkeletonLayout& layout);

// off: the plain ST-GCN. convolution: paper 004 eq. 12-15, with the kernels along the axes that its text names
// (register A17). graph: the spatial one over the skeleton's graph instead of the order of its joints.
enum class StaAttention { off, convolution, graph };

inline constexpr std::int64_t sta_gcn_lite_width = 32;

struct StaGcnShape {
    int classes = 0;
    std::int64_t width = 64;  // of the first four units; of the next three twice that, of the last three four times
    int channels = 3;         // that are read, of the first ones: 3 for joints, 9 with bones and velocities
    int frames = 64;
    StaAttention attention = StaAttention::convolution;
    double dropout = 0.3;  // of the embedding, in training
};

// How much each value counts, from the ones just before and after it in time: sigmoid(BN(Conv 3x1)).
class TemporalAttention : public torch::nn::Module {
public:
    explicit TemporalAttention(std::int64_t channels);
    // samples x 1 x frames x joints, in (0, 1), from samples x channels x frames x joints.
    torch::Tensor forward(const torch::Tensor& features);
    void fold() { norm_->fold_into(*convolution_); }

private:
    torch::nn::Conv2d convolution_;
    BatchNorm norm_{1};
};

// … from the joints next to it in the same frame: in the joints' order, sigmoid(BN(Conv 1x3)), or where a graph is
// given (joints x 3 joints, one square a part) in that, sigmoid(BN(sum_k w_k x A_k)).
class SpatialAttention : public torch::nn::Module {
public:
    explicit SpatialAttention(std::int64_t channels, const torch::Tensor& graph = {});
    torch::Tensor forward(const torch::Tensor& features);
    void fold() { norm_->fold_into(*convolution_); }

private:
    torch::Tensor graph_;
    torch::nn::Conv2d convolution_;
    BatchNorm norm_{1};
};

// ST-GCN with spatio-temporal attention (paper 004 II.C, models.md 2.5): ten units of temporal attention, spatial
// attention, graph convolution in three parts (itself, towards the centre, away from it) and 9x1 convolution over time,
// which halves the frames in the fifth and the eighth; each but the first adds what it was given.
class StaGcnNetwork final : public ClipNetwork {
public:
    StaGcnNetwork(const schemas::SkeletonLayout& layout, const StaGcnShape& shape);

    // Any number of frames. The embedding has 4 width features.
    ClipOutput forward(const torch::Tensor& motions) override;
    void fold() override;
    [[nodiscard]] int frames() const override { return shape_.frames; }

private:
    StaGcnShape shape_;
    torch::Tensor order_;  // joints depth first, as all units see them
    BatchNorm input_norm_{nullptr};
    torch::nn::Sequential units_{nullptr};
    torch::nn::Dropout dropout_{nullptr};
    torch::nn::Linear classes_{nullptr};
};

}  // namespace inference
