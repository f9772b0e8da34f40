#pragma once

#include <torch/torch.h>

#include <memory>

#include "inference/torch/batch_norm.h"

// The layers of the enhanced ST-GCN of paper 003 (models.md 2.4). Motions are samples x channels x frames x joints.
// Convolutions have no bias where the normalisation that follows would take it away again.
namespace inference {

// Sum over the parts k of W_k x (A_k o M_k), M learnt from 1 on. Joints are aggregated first, by one matrix product
// with all parts side by side, and mixed by one 1x1 convolution afterwards.
class GraphConvolution : public torch::nn::Module {
public:
    // `partition` as from graph_partition.
    GraphConvolution(const torch::Tensor& partition, std::int64_t in, std::int64_t out);
    torch::Tensor forward(const torch::Tensor& motions);
    void fold() { folded_ = side_by_side(); }
    [[nodiscard]] torch::nn::Conv2dImpl& last() { return *mix_; }

private:
    // joints x (parts x joints)
    [[nodiscard]] torch::Tensor side_by_side() const;

    torch::Tensor folded_;      // side_by_side, once it no longer changes
    torch::Tensor partition_;   // parts x joints x joints
    torch::Tensor importance_;  // M, the same
    torch::nn::Conv2d mix_ = nullptr;
};

// per_frame: who looks at whom is found anew in every frame. pooled: once a motion, from the mean over its frames.
enum class AttentionTime { per_frame, pooled };

// Attention of every joint to all joints, softmax(Q K^T / sqrt(d)) V in each of four heads. Throws
// std::invalid_argument when the heads cannot share `out` evenly.
class JointAttention : public torch::nn::Module {
public:
    static constexpr std::int64_t heads = 4;

    JointAttention(std::int64_t in, std::int64_t out, AttentionTime time);
    // samples x heads x frames (pooled: 1) x joints x joints attended to; sums to 1 over the last.
    torch::Tensor weights(const torch::Tensor& motions);
    torch::Tensor forward(const torch::Tensor& motions);
    [[nodiscard]] torch::nn::Conv2dImpl& last() { return *join_; }

private:
    AttentionTime time_;
    std::int64_t depth_;  // channels of a head
    torch::nn::Conv2d query_key_ = nullptr;
    torch::nn::Conv2d value_ = nullptr;
    torch::nn::Conv2d join_ = nullptr;
};

// ReLU(BN(alpha O_att + (1 - alpha) O_gcn) + residual), alpha = sigmoid(a), a from -2 on (register A10).
class AttentiveGraphConvolution : public torch::nn::Module {
public:
    AttentiveGraphConvolution(const torch::Tensor& partition, std::int64_t in, std::int64_t out, AttentionTime time);
    torch::Tensor forward(const torch::Tensor& motions);
    void fold();

private:
    bool folded_ = false;
    std::shared_ptr<GraphConvolution> graph_;
    std::shared_ptr<JointAttention> attention_;
    torch::Tensor fusion_;  // a
    BatchNorm norm_ = nullptr;
    torch::nn::Sequential residual_ = nullptr;  // null where the input is added as it is
};

struct PyramidOptions {
    std::int64_t bottleneck = 1;  // the branches are this many times narrower than the motion
    std::int64_t stride = 1;      // frames of the input for each of the output, the last begun one included
    double dropout = 0.1;
};

// Temporal pyramid of dilated convolutions: three 3-tap ones with dilation 1, 2 and 3 side by side, joined by a 1x1
// convolution, normalised, dropped out; ReLU(… + input). Throws std::invalid_argument when the bottleneck does not
// divide the width.
class TemporalPyramid : public torch::nn::Module {
public:
    explicit TemporalPyramid(std::int64_t width, const PyramidOptions& options = {});
    torch::Tensor forward(const torch::Tensor& motions);
    // Branches, join and normalisation become one convolution of seven taps.
    void fold();

private:
    PyramidOptions options_;
    torch::Tensor folded_;                // width x inner x 7 x 1
    torch::nn::Conv2d narrow_ = nullptr;  // null without a bottleneck
    torch::nn::ModuleList branches_ = nullptr;
    torch::nn::Conv2d join_ = nullptr;
    BatchNorm norm_ = nullptr;
};

}  // namespace inference
