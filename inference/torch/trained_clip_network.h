#pragma once

#include <map>
#include <memory>
#include <string>

#include "inference/torch/clip_learner.h"
#include "inference/torch/primitive_source.h"

namespace inference {

class TrainedClipNetwork final : public TrainedNetwork {
public:
    TrainedClipNetwork(std::shared_ptr<ClipNetwork> network, ClipShape shape, const MakeClipNetwork& make);

    [[nodiscard]] std::int64_t parameters() const override { return network_->parameter_count(); }
    [[nodiscard]] int frames() const override { return network_->frames(); }
    [[nodiscard]] int features() const override { return features_; }
    [[nodiscard]] int samples_a_pass() const override { return 8; }
    [[nodiscard]] torch::Device device() const override { return network_->parameters().front().device(); }
    [[nodiscard]] Rows read(const torch::Tensor& motions) const override;
    void write(Checkpoint& checkpoint) const override;

    // The network's dictionary of primitives; null where it has none.
    [[nodiscard]] PrimitiveSource* primitives() const { return dynamic_cast<PrimitiveSource*>(asked_.get()); }
    // Of motions as for read().
    [[nodiscard]] PrimitiveSource::Rows key_primitives(const torch::Tensor& motions) const;

private:
    std::shared_ptr<ClipNetwork> network_;
    std::shared_ptr<ClipNetwork> asked_;  // the same, folded
    ClipShape shape_;
    int features_ = 0;
};

// Draws nothing from LibTorch's generator that a training would miss; its weights are to be overwritten.
std::shared_ptr<ClipNetwork> network_to_fill(const MakeClipNetwork& make, const ClipShape& shape);

// Parameters and buffers, by name.
std::map<std::string, torch::Tensor> tensors_of(const torch::nn::Module& network);
// Both are of one shape.
void copy_weights(const torch::nn::Module& from, torch::nn::Module& to);
// The network takes what fits.
WarmFit fill_clip_network(const WarmStart& warm, ClipNetwork& network);
// Moves the average towards the network; what is counted, not measured, is copied.
void follow(const torch::nn::Module& network, torch::nn::Module& average, double decay);

}  // namespace inference
