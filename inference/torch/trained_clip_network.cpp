#include "inference/torch/trained_clip_network.h"

#include <stdexcept>

namespace inference {

namespace {

constexpr const char* prefix = "network.";
constexpr const char* shape_prefix = "shape.";

// The tree of joints, so that a network can be built again without the layout's file.
torch::Tensor tree_of(const schemas::SkeletonLayout& layout) {
    std::vector<float> values(layout.parents.begin(), layout.parents.end());
    for (const int joint : {layout.centre, layout.neck, layout.left_shoulder, layout.right_shoulder})
        values.push_back(static_cast<float>(joint));
    return torch::tensor(values);
}

std::shared_ptr<const schemas::SkeletonLayout> layout_from(const Checkpoint& checkpoint) {
    const int joints = checkpoint.whole("joints", 1, 1024);
    const torch::Tensor tree = checkpoint.tensor("tree", {joints + 4}).contiguous();
    std::vector<int> values;
    for (std::int64_t i = 0; i < tree.numel(); ++i) {
        const float value = tree.data_ptr<float>()[i];
        if (!(value >= -1 && value < static_cast<float>(joints)))
            throw std::runtime_error("its skeleton has a joint that hangs from none");
        values.push_back(static_cast<int>(value));
    }
    auto layout = std::make_shared<schemas::SkeletonLayout>();
    layout->name = checkpoint.layout;
    layout->parents.assign(values.begin(), values.begin() + joints);
    for (int joint = 0; joint < joints; ++joint) layout->joints.push_back(std::to_string(joint));
    const auto place = static_cast<std::size_t>(joints);
    layout->centre = values[place];
    layout->neck = values[place + 1];
    layout->left_shoulder = values[place + 2];
    layout->right_shoulder = values[place + 3];
    if (const std::string problem = problem_with(*layout); !problem.empty())
        throw std::runtime_error("its skeleton is not sound: " + problem);
    return layout;
}

}  // namespace

std::map<std::string, torch::Tensor> tensors_of(const torch::nn::Module& network) {
    std::map<std::string, torch::Tensor> tensors;
    for (const auto& entry : network.named_parameters()) tensors[entry.key()] = entry.value();
    for (const auto& entry : network.named_buffers()) tensors[entry.key()] = entry.value();
    return tensors;
}

void copy_weights(const torch::nn::Module& from, torch::nn::Module& to) {
    const torch::NoGradGuard guard;
    const auto source = tensors_of(from);
    for (auto& [name, tensor] : tensors_of(to)) torch::Tensor(tensor).copy_(source.at(name));
}

WarmFit fill_clip_network(const WarmStart& warm, ClipNetwork& network) {
    WarmFit fit;
    for (auto& [name, tensor] : tensors_of(network)) fill(warm, prefix, name, tensor, fit);
    return fit;
}

void follow(const torch::nn::Module& network, torch::nn::Module& average, double decay) {
    const torch::NoGradGuard guard;
    const auto source = tensors_of(network);
    for (auto& [name, tensor] : tensors_of(average)) {
        torch::Tensor value = tensor;
        if (value.is_floating_point())
            value.mul_(decay).add_(source.at(name), 1 - decay);
        else
            value.copy_(source.at(name));
    }
}

std::shared_ptr<ClipNetwork> network_to_fill(const MakeClipNetwork& make, const ClipShape& shape) {
    at::Generator generator = at::globalContext().defaultGenerator(torch::kCPU);
    const torch::Tensor before = generator.get_state();
    auto network = make(shape);
    generator.set_state(before);
    return network;
}

TrainedClipNetwork::TrainedClipNetwork(std::shared_ptr<ClipNetwork> network, ClipShape shape,
                                       const MakeClipNetwork& make)
    : network_(std::move(network)), asked_(network_to_fill(make, shape)), shape_(std::move(shape)) {
    asked_->to(device());
    copy_weights(*network_, *asked_);
    asked_->eval();
    asked_->fold();
    const torch::NoGradGuard guard;
    const auto joints = static_cast<std::int64_t>(shape_.layout->size());
    const torch::Tensor one = torch::zeros({1, feature_channels, network_->frames(), joints}).to(device());
    features_ = static_cast<int>(asked_->forward(one).embedding.size(1));
}

TrainedNetwork::Rows TrainedClipNetwork::read(const torch::Tensor& motions) const {
    const torch::NoGradGuard guard;
    ClipOutput output = asked_->forward(channels_from(motions, static_cast<std::int64_t>(shape_.layout->size())));
    return {std::move(output.logits), std::move(output.embedding)};
}

PrimitiveSource::Rows TrainedClipNetwork::key_primitives(const torch::Tensor& motions) const {
    const torch::NoGradGuard guard;
    return primitives()->key_primitives(channels_from(motions, static_cast<std::int64_t>(shape_.layout->size())));
}

void TrainedClipNetwork::write(Checkpoint& checkpoint) const {
    for (const auto& [name, value] : shape_.options) checkpoint.options[shape_prefix + name] = value;
    checkpoint.tensors["tree"] = tree_of(*shape_.layout);
    for (const auto& [name, tensor] : tensors_of(*network_))
        checkpoint.tensors[prefix + name] = tensor.to(torch::kFloat);
}

std::shared_ptr<const TrainedNetwork> read_clip_network(const Checkpoint& checkpoint, const MakeClipNetwork& make,
                                                        const ShapeOptions& options) {
    ClipShape shape{layout_from(checkpoint), static_cast<int>(checkpoint.labels.size()), {}};
    // A file that was written before an option was there has its usual value.
    for (const auto& [name, usual] : options) {
        const auto found = checkpoint.options.find(shape_prefix + name);
        shape.options[name] = found == checkpoint.options.end() ? usual : found->second;
    }
    const auto network = make(shape);
    const torch::NoGradGuard guard;
    for (auto& [name, tensor] : tensors_of(*network))
        torch::Tensor(tensor).copy_(checkpoint.tensor(prefix + name, tensor.sizes().vec()));
    return std::make_shared<TrainedClipNetwork>(network, shape, make);
}

}  // namespace inference
