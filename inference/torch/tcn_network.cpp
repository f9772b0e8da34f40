#include "inference/torch/tcn_network.h"

#include <cmath>

namespace inference {

namespace {

constexpr double variance_floor = 1e-5;
constexpr double running_share = 0.1;

}  // namespace

void TcnNetwork::add(const std::string& name, std::vector<std::int64_t> sizes, std::int64_t fan_in) {
    std::int64_t count = 1;
    for (const std::int64_t size : sizes) count *= size;
    const std::int64_t offset = slots_.empty() ? 0 : slots_.back().offset + slots_.back().count;
    names_.push_back(name);
    slots_.push_back({std::move(sizes), offset, count, fan_in});
}

TcnNetwork::TcnNetwork(const TcnShape& shape, Random& random) : shape_(shape) {
    const std::int64_t features = shape.features();
    const std::int64_t width = shape.width;
    add("input.scale", {features}, 0);
    add("input.shift", {features}, 0);
    add("input.weight", {width, features, 1}, features);
    add("input.bias", {width}, features);
    for (int layer = 0; layer < shape.layers; ++layer) {
        const std::string name = "layer" + std::to_string(layer);
        add(name + ".dilated.weight", {width, width, 3}, 3 * width);
        add(name + ".dilated.bias", {width}, 3 * width);
        add(name + ".pointwise.weight", {width, width, 1}, width);
        add(name + ".pointwise.bias", {width}, width);
    }
    add("classes.weight", {shape.classes, 2 * width}, 2 * width);
    add("classes.bias", {shape.classes}, 2 * width);
    flat_ = torch::zeros({slots_.back().offset + slots_.back().count});
    auto* values = flat_.data_ptr<float>();
    for (const Slot& slot : slots_) {
        const double bound = slot.fan_in > 0 ? 1 / std::sqrt(static_cast<double>(slot.fan_in)) : 0;
        for (std::int64_t i = 0; i < slot.count && slot.fan_in > 0; ++i)
            values[slot.offset + i] = static_cast<float>(random.uniform(-bound, bound));
    }
    views().front().fill_(1);
    running_mean = torch::zeros({features});
    running_variance = torch::ones({features});
}

TcnNetwork TcnNetwork::copy() const {
    TcnNetwork other = *this;
    other.flat_ = flat_.clone();
    other.running_mean = running_mean.clone();
    other.running_variance = running_variance.clone();
    return other;
}

void TcnNetwork::to(torch::Device device) {
    flat_ = flat_.to(device);
    running_mean = running_mean.to(device);
    running_variance = running_variance.to(device);
}

std::vector<torch::Tensor> TcnNetwork::views(const torch::Tensor& flat) const {
    std::vector<torch::Tensor> tensors;
    for (const Slot& slot : slots_) tensors.push_back(flat.narrow(0, slot.offset, slot.count).view(slot.sizes));
    return tensors;
}

std::vector<float> TcnNetwork::decays() const {
    std::vector<float> decays;
    for (const Slot& slot : slots_)
        decays.insert(decays.end(), static_cast<std::size_t>(slot.count), slot.sizes.size() > 1 ? 1.0F : 0.0F);
    return decays;
}

torch::Tensor TcnNetwork::normalised(const torch::Tensor& features) const {
    const torch::Tensor scaled = (features - running_mean) * (running_variance + variance_floor).rsqrt();
    return scaled.transpose(1, 2).contiguous();
}

torch::Tensor TcnNetwork::normalised_in_training(const torch::Tensor& features) {
    const torch::NoGradGuard guard;
    const torch::Tensor rows = features.reshape({-1, features.size(2)});
    const auto count = static_cast<double>(rows.size(0));
    const torch::Tensor mean = rows.mean(0);
    const torch::Tensor centred = rows - mean;
    const torch::Tensor variance = centred.square().mean(0);
    running_mean.mul_(1 - running_share).add_(mean, running_share);
    running_variance.mul_(1 - running_share).add_(variance, running_share * count / std::max(count - 1, 1.0));
    const torch::Tensor scaled = centred * (variance + variance_floor).rsqrt();
    return scaled.view_as(features).transpose(1, 2).contiguous();
}

TcnOutput TcnNetwork::forward(const torch::Tensor& normalised, const std::vector<torch::Tensor>& weights,
                              const std::vector<torch::Tensor>& masks) const {
    // Scale and shift of the normalised input are part of the first convolution.
    const torch::Tensor first = weights[2] * weights[0].unsqueeze(1);
    const torch::Tensor bias = torch::mv(weights[2].squeeze(2), weights[1]) + weights[3];
    torch::Tensor hidden = torch::conv1d(normalised, first, bias);
    for (int layer = 0; layer < shape_.layers; ++layer) {
        const auto at = static_cast<std::size_t>(4 + 4 * layer);
        const std::int64_t dilation = std::int64_t{1} << layer;
        torch::Tensor change = torch::conv1d(hidden, weights[at], weights[at + 1], 1, dilation, dilation).relu_();
        change = torch::conv1d(change, weights[at + 2], weights[at + 3]);
        hidden =
            masks.empty() ? hidden + change : torch::addcmul(hidden, change, masks[static_cast<std::size_t>(layer)]);
    }
    hidden = torch::relu(hidden);
    TcnOutput output;
    output.embedding = torch::cat({hidden.mean(2), hidden.amax(2)}, 1);
    const torch::Tensor dropped = masks.empty() ? output.embedding : output.embedding * masks.back();
    output.logits = torch::linear(dropped, weights[weights.size() - 2], weights.back());
    return output;
}

}  // namespace inference
