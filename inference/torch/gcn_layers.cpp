#include "inference/torch/gcn_layers.h"

#include <cmath>
#include <stdexcept>
#include <string>
#include <vector>

#include "inference/torch/frame_products.h"

namespace inference {

namespace {

constexpr double first_fusion = -2;                       // alpha = 0.12
constexpr std::int64_t dilations = 3, reach = dilations;  // of a pyramid: 1 2 3, and frames either way

torch::nn::Conv2d pointwise(std::int64_t in, std::int64_t out) {
    return torch::nn::Conv2d(torch::nn::Conv2dOptions(in, out, 1).bias(false));
}

torch::nn::Conv2d dilated(std::int64_t width, std::int64_t dilation, std::int64_t stride) {
    return torch::nn::Conv2d(torch::nn::Conv2dOptions(width, width, {3, 1})
                                 .bias(false)
                                 .stride({stride, 1})
                                 .dilation({dilation, 1})
                                 .padding({dilation, 0}));
}

}  // namespace

GraphConvolution::GraphConvolution(const torch::Tensor& partition, std::int64_t in, std::int64_t out) {
    partition_ = register_buffer("partition", partition.clone());
    importance_ = register_parameter("importance", torch::ones_like(partition));
    const std::int64_t parts = partition.size(0);
    mix_ = register_module(
        "mix", torch::nn::Conv2d(torch::nn::Conv2dOptions(in, out, {parts, 1}).stride({parts, 1}).bias(false)));
}

torch::Tensor GraphConvolution::forward(const torch::Tensor& motions) {
    const std::int64_t samples = motions.size(0);
    const std::int64_t channels = motions.size(1);
    const std::int64_t frames = motions.size(2);
    const std::int64_t joints = motions.size(3);
    const std::int64_t parts = partition_.size(0);
    const torch::Tensor beside = folded_.defined() ? folded_ : side_by_side();
    // The parts of a frame lie below each other, so that a convolution over so many rows sums over parts and channels.
    return mix_(torch::mm(motions.reshape({-1, joints}), beside).view({samples, channels, frames * parts, joints}));
}

torch::Tensor GraphConvolution::side_by_side() const {
    return (partition_ * importance_).permute({1, 0, 2}).flatten(1).contiguous();
}

JointAttention::JointAttention(std::int64_t in, std::int64_t out, AttentionTime time)
    : time_(time), depth_(out / heads) {
    if (out % heads != 0)
        throw std::invalid_argument(std::to_string(heads) + " heads cannot share " + std::to_string(out) + " channels");
    // The query's bias weighs keys against each other; nothing cancels it.
    query_key_ = register_module("query_key", torch::nn::Conv2d(torch::nn::Conv2dOptions(in, 2 * out, 1)));
    value_ = register_module("value", pointwise(in, out));
    join_ = register_module("join", pointwise(out, out));
}

torch::Tensor JointAttention::weights(const torch::Tensor& motions) {
    const torch::Tensor seen = time_ == AttentionTime::pooled ? motions.mean(2, true) : motions;
    const torch::Tensor pair = query_key_(seen);
    const std::int64_t samples = seen.size(0), frames = seen.size(2), joints = seen.size(3);
    const auto of_heads = [&](std::int64_t first) {
        return pair.narrow(1, first, heads * depth_).reshape({samples * heads, depth_, frames, joints});
    };
    const torch::Tensor query = of_heads(0) / std::sqrt(static_cast<double>(depth_));
    return torch::softmax(joint_by_joint(query, of_heads(heads * depth_)), -1)
        .view({samples, heads, frames, joints, joints});
}

torch::Tensor JointAttention::forward(const torch::Tensor& motions) {
    const std::int64_t samples = motions.size(0);
    const std::int64_t frames = motions.size(2);
    const std::int64_t joints = motions.size(3);
    const torch::Tensor from = weights(motions);
    const torch::Tensor value = value_(motions);
    if (time_ == AttentionTime::pooled) {
        const torch::Tensor seen = torch::matmul(value.view({samples, heads, depth_ * frames, joints}),
                                                 from.squeeze(2).transpose(2, 3));  // joints attended to x joints
        return join_(seen.reshape({samples, heads * depth_, frames, joints}));
    }
    const torch::Tensor seen = weighted_sums(value.view({samples * heads, depth_, frames, joints}),
                                             from.view({samples * heads, frames, joints, joints}));
    return join_(seen.reshape({samples, heads * depth_, frames, joints}));
}

AttentiveGraphConvolution::AttentiveGraphConvolution(const torch::Tensor& partition, std::int64_t in, std::int64_t out,
                                                     AttentionTime time) {
    graph_ = register_module("graph", std::make_shared<GraphConvolution>(partition, in, out));
    attention_ = register_module("attention", std::make_shared<JointAttention>(in, out, time));
    fusion_ = register_parameter("fusion", torch::full({1}, first_fusion));
    norm_ = register_module("norm", BatchNorm(out));
    if (in != out) residual_ = register_module("residual", torch::nn::Sequential(pointwise(in, out), BatchNorm(out)));
}

torch::Tensor AttentiveGraphConvolution::forward(const torch::Tensor& motions) {
    const torch::Tensor residual = residual_.is_empty() ? motions : residual_->forward(motions);
    if (folded_) return torch::relu(attention_->forward(motions) + graph_->forward(motions) + residual);
    const torch::Tensor alpha = torch::sigmoid(fusion_);
    const torch::Tensor fused = alpha * attention_->forward(motions) + (1 - alpha) * graph_->forward(motions);
    return torch::relu(norm_(fused) + residual);
}

void AttentiveGraphConvolution::fold() {
    norm_->fold_into(attention_->last(), graph_->last(), torch::sigmoid(fusion_));
    graph_->fold();
    if (!residual_.is_empty()) residual_[1]->as<BatchNormImpl>()->fold_into(*residual_[0]->as<torch::nn::Conv2dImpl>());
    folded_ = true;
}

TemporalPyramid::TemporalPyramid(std::int64_t width, const PyramidOptions& options) : options_(options) {
    if (options.bottleneck < 1 || width % options.bottleneck != 0)
        throw std::invalid_argument(std::to_string(width) + " channels cannot be narrowed by " +
                                    std::to_string(options.bottleneck));
    const std::int64_t inner = width / options.bottleneck;
    if (inner != width) narrow_ = register_module("narrow", pointwise(width, inner));
    branches_ = register_module("branches", torch::nn::ModuleList());
    for (std::int64_t dilation = 1; dilation <= dilations; ++dilation)
        branches_->push_back(dilated(inner, dilation, options.stride));
    join_ = register_module("join", pointwise(dilations * inner, width));
    norm_ = register_module("norm", BatchNorm(width));
}

torch::Tensor TemporalPyramid::forward(const torch::Tensor& motions) {
    const torch::Tensor inner = narrow_.is_empty() ? motions : narrow_(motions);
    // Every convolution looks around the frame that the residual keeps.
    const torch::Tensor kept = options_.stride == 1 ? motions : motions.slice(2, 0, motions.size(2), options_.stride);
    if (folded_.defined())
        return torch::relu(torch::conv2d(inner, folded_, join_->bias, {options_.stride, 1}, {reach, 0}) + kept);
    std::vector<torch::Tensor> scales;
    for (const auto& branch : *branches_) scales.push_back(branch->as<torch::nn::Conv2d>()->forward(inner));
    const torch::Tensor joined = torch::dropout(norm_(join_(torch::cat(scales, 1))), options_.dropout, is_training());
    return torch::relu(joined + kept);
}

void TemporalPyramid::fold() {
    norm_->fold_into(*join_);
    const torch::NoGradGuard guard;
    const std::int64_t width = join_->weight.size(0), inner = join_->weight.size(1) / dilations;
    const torch::Tensor join = join_->weight.view({width, dilations, inner});
    folded_ = torch::zeros({width, inner, 2 * reach + 1, 1}, join.options());
    for (std::int64_t branch = 0; branch < dilations; ++branch) {
        const torch::Tensor& taps = branches_[static_cast<std::size_t>(branch)]->as<torch::nn::Conv2d>()->weight;
        for (std::int64_t tap = 0; tap < 3; ++tap)
            folded_.select(2, reach + (tap - 1) * (branch + 1))
                .squeeze(2)
                .add_(torch::mm(join.select(1, branch), taps.select(2, tap).squeeze(2)));
    }
}

}  // namespace inference
