#include "inference/torch/sta_gcn_network.h"

#include <array>
#include <memory>
#include <optional>

#include "inference/torch/graph.h"
#include "schemas/bones.h"

namespace inference {

namespace {

namespace nn = torch::nn;
using schemas::SkeletonLayout;
using torch::Tensor;

constexpr std::int64_t parts = 3;
constexpr std::int64_t time_kernel = 9;

nn::Conv2dOptions unbiased(std::int64_t in, std::int64_t out, torch::ExpandingArray<2> kernel) {
    return nn::Conv2dOptions(in, out, kernel).bias(false);
}

void append_depth_first(const SkeletonLayout& layout, int joint, std::vector<std::int64_t>& order) {
    order.push_back(joint);
    for (std::size_t child = 0; child < layout.size(); ++child)
        if (layout.parents[child] == joint) append_depth_first(layout, static_cast<int>(child), order);
}

// joints x parts joints
Tensor side_by_side(const Tensor& graph) { return graph.permute({1, 0, 2}).flatten(1).contiguous(); }

// samples x channels x (frames x parts) x joints: each part below the other, so that a convolution with a kernel and a
// stride of `parts` rows sums over parts and channels at once.
Tensor aggregated(const Tensor& features, const Tensor& graph) {
    return torch::matmul(features, graph)
        .view({features.size(0), features.size(1), parts * features.size(2), features.size(3)});
}

// What a convolution of three taps along frames (axis 2) or joints (3) makes of all channels: one. Where no gradient is
// asked for, as one product and two shifts: LibTorch takes several times as long for a convolution to one channel.
Tensor to_one_channel(const nn::Conv2dImpl& convolution, const Tensor& features, std::int64_t axis) {
    if (torch::GradMode::is_enabled())
        return torch::conv2d(features, convolution.weight, convolution.bias, 1,
                             std::array<std::int64_t, 2>{axis == 2 ? 1 : 0, axis == 2 ? 0 : 1});
    const std::int64_t length = features.size(axis);
    const Tensor taps = convolution.weight.view({features.size(1), 3}).t();
    const Tensor products =
        torch::matmul(taps, features.flatten(2)).view({features.size(0), 3, features.size(2), features.size(3)});
    const Tensor padded =
        axis == 2 ? torch::constant_pad_nd(products, {0, 0, 1, 1}) : torch::constant_pad_nd(products, {1, 1, 0, 0});
    const auto tap = [&](std::int64_t place) { return padded.narrow(1, place, 1).narrow(axis, place, length); };
    const Tensor sum = tap(0) + tap(1) + tap(2);
    return convolution.bias.defined() ? sum + convolution.bias : sum;
}

struct UnitShape {
    std::int64_t in = 0;
    std::int64_t out = 0;
    std::int64_t stride = 1;
    bool residual = true;
    StaAttention attention = StaAttention::off;
};

class Unit : public nn::Module {
public:
    Unit(const UnitShape& shape, const Tensor& graph) : residual_(shape.residual) {
        graph_ = register_buffer("graph", graph);
        importance_ = register_parameter("importance", torch::ones_like(graph));
        if (shape.attention != StaAttention::off) {
            temporal_ = register_module("temporal_attention", std::make_shared<TemporalAttention>(shape.in));
            const Tensor spatial_graph = shape.attention == StaAttention::graph ? graph : Tensor();
            spatial_ =
                register_module("spatial_attention", std::make_shared<SpatialAttention>(shape.in, spatial_graph));
        }
        mix_ = register_module("mix", nn::Conv2d(unbiased(shape.in, shape.out, {parts, 1}).stride({parts, 1})));
        mix_norm_ = register_module("mix_norm", BatchNorm(shape.out));
        time_ = register_module("time", nn::Conv2d(unbiased(shape.out, shape.out, {time_kernel, 1})
                                                       .padding({time_kernel / 2, 0})
                                                       .stride({shape.stride, 1})));
        time_norm_ = register_module("time_norm", BatchNorm(shape.out));
        if (!shape.residual || (shape.in == shape.out && shape.stride == 1)) return;
        shortcut_ = register_module(
            "shortcut", nn::Sequential(nn::Conv2d(unbiased(shape.in, shape.out, 1).stride({shape.stride, 1})),
                                       BatchNorm(shape.out)));
    }

    Tensor forward(const Tensor& features) {
        Tensor change = mix_(aggregated(attended(features), graph_ * importance_));
        change = time_norm_(time_(torch::relu(mix_norm_(change))));
        if (!residual_) return torch::relu(change);
        return torch::relu(change + (shortcut_.is_empty() ? features : shortcut_->forward(features)));
    }

    void fold() {
        if (temporal_ != nullptr) {
            temporal_->fold();
            spatial_->fold();
        }
        mix_norm_->fold_into(*mix_);
        time_norm_->fold_into(*time_);
        if (!shortcut_.is_empty()) shortcut_[1]->as<BatchNormImpl>()->fold_into(*shortcut_[0]->as<nn::Conv2dImpl>());
    }

private:
    Tensor attended(const Tensor& features) {
        if (temporal_ == nullptr) return features;
        const Tensor timed = features * temporal_->forward(features);
        return timed * spatial_->forward(timed);
    }

    bool residual_;
    Tensor graph_, importance_;
    std::shared_ptr<TemporalAttention> temporal_;
    std::shared_ptr<SpatialAttention> spatial_;
    nn::Conv2d mix_{nullptr}, time_{nullptr};
    BatchNorm mix_norm_{nullptr}, time_norm_{nullptr};
    nn::Sequential shortcut_{nullptr};
};

std::vector<UnitShape> unit_shapes(const StaGcnShape& shape) {
    constexpr std::array<std::int64_t, 10> widths{1, 1, 1, 1, 2, 2, 2, 4, 4, 4};
    std::vector<UnitShape> units;
    std::int64_t in = shape.channels;
    for (const std::int64_t times : widths) {
        const std::int64_t out = times * shape.width;
        const bool first = units.empty();
        units.push_back({in, out, !first && out != in ? 2 : 1, !first, shape.attention});
        in = out;
    }
    return units;
}

}  // namespace

std::vector<std::int64_t> joints_depth_first(const SkeletonLayout& layout) {
    std::vector<std::int64_t> order;
    append_depth_first(layout, schemas::joints_from_root(layout).front(), order);
    return order;
}

TemporalAttention::TemporalAttention(std::int64_t channels)
    : convolution_(unbiased(channels, 1, {3, 1}).padding({1, 0})) {
    register_module("convolution", convolution_);
    register_module("norm", norm_);
}

Tensor TemporalAttention::forward(const Tensor& features) {
    return torch::sigmoid(norm_(to_one_channel(*convolution_, features, 2)));
}

SpatialAttention::SpatialAttention(std::int64_t channels, const Tensor& graph)
    : convolution_(graph.defined() ? unbiased(channels, 1, {parts, 1}).stride({parts, 1})
                                   : unbiased(channels, 1, {1, 3}).padding({0, 1})) {
    if (graph.defined()) graph_ = register_buffer("graph", graph);
    register_module("convolution", convolution_);
    register_module("norm", norm_);
}

Tensor SpatialAttention::forward(const Tensor& features) {
    return torch::sigmoid(norm_(graph_.defined() ? convolution_(aggregated(features, graph_))
                                                 : to_one_channel(*convolution_, features, 3)));
}

StaGcnNetwork::StaGcnNetwork(const SkeletonLayout& layout, const StaGcnShape& shape) : shape_(shape) {
    order_ = register_buffer("order", torch::tensor(joints_depth_first(layout), torch::kLong));
    const Tensor graph = side_by_side(graph_partition(layout).index_select(1, order_).index_select(2, order_));
    const std::vector<UnitShape> shapes = unit_shapes(shape);
    input_norm_ = register_module("input_norm", BatchNorm(shape.channels * static_cast<std::int64_t>(layout.size())));
    units_ = register_module("units", nn::Sequential());
    for (const UnitShape& unit : shapes) units_->push_back(std::make_shared<Unit>(unit, graph));
    dropout_ = register_module("dropout", nn::Dropout(shape.dropout));
    classes_ = register_module("classes", nn::Linear(shapes.back().out, shape.classes));
}

void StaGcnNetwork::fold() {
    for (auto& unit : *units_) unit.get<Unit>().fold();
}

ClipOutput StaGcnNetwork::forward(const Tensor& motions) {
    const Tensor read = motions.narrow(1, 0, shape_.channels).index_select(3, order_);
    const std::int64_t samples = read.size(0), frames = read.size(2), joints = read.size(3);
    const Tensor rows = input_norm_(read.transpose(2, 3).reshape({samples, shape_.channels * joints, frames}));
    const Tensor features = rows.view({samples, shape_.channels, joints, frames}).transpose(2, 3).contiguous();
    ClipOutput output;
    output.embedding = units_->forward(features).mean({2, 3});
    output.logits = classes_(dropout_(output.embedding));
    return output;
}

}  // namespace inference
