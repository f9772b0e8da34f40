#include "inference/torch/lifting_network.h"

#include <memory>
#include <stdexcept>
#include <vector>

namespace inference {

namespace {

namespace nn = torch::nn;
using torch::Tensor;

// What a normalisation of the batch follows has no use for a bias.
nn::Linear unbiased(std::int64_t in, std::int64_t out) { return nn::Linear(nn::LinearOptions(in, out).bias(false)); }

class ResidualBlock : public nn::Module {
public:
    explicit ResidualBlock(const LiftingShape& shape) {
        for (int layer = 0; layer < 2; ++layer) {
            layers_->push_back(unbiased(shape.width, shape.width));
            layers_->push_back(nn::BatchNorm1d(shape.width));
            layers_->push_back(nn::ReLU());
            layers_->push_back(nn::Dropout(shape.dropout));
        }
        register_module("layers", layers_);
    }
    Tensor forward(const Tensor& features) { return features + layers_->forward(features); }

private:
    nn::Sequential layers_;
};

nn::Sequential encoder(std::int64_t values, const LiftingShape& shape) {
    nn::Sequential layers;
    // Scale and shift would be part of the layer that follows.
    layers->push_back(nn::BatchNorm1d(nn::BatchNorm1dOptions(values).affine(false)));
    layers->push_back(unbiased(values, shape.width));
    layers->push_back(nn::BatchNorm1d(shape.width));
    layers->push_back(nn::ReLU());
    layers->push_back(std::make_shared<ResidualBlock>(shape));
    layers->push_back(nn::Linear(shape.width, shape.latent));
    return layers;
}

nn::Sequential decoder(std::int64_t values, const LiftingShape& shape) {
    nn::Sequential layers;
    layers->push_back(nn::Linear(shape.latent, shape.width));
    layers->push_back(nn::ReLU());
    layers->push_back(std::make_shared<ResidualBlock>(shape));
    layers->push_back(nn::Linear(shape.width, values));
    return layers;
}

Tensor bones_of(const schemas::SkeletonLayout& layout) {
    std::vector<std::int64_t> children, parents;
    for (std::size_t joint = 0; joint < layout.size(); ++joint) {
        if (layout.parents[joint] < 0) continue;
        children.push_back(static_cast<std::int64_t>(joint));
        parents.push_back(layout.parents[joint]);
    }
    return torch::stack({torch::tensor(children, torch::kLong), torch::tensor(parents, torch::kLong)});
}

Tensor distance(const Tensor& from, const Tensor& to) { return (from - to).norm(2, -1).mean(); }

Tensor rows_where(const Tensor& mask) { return mask.nonzero().squeeze(1); }

}  // namespace

LiftingNetwork::LiftingNetwork(const schemas::SkeletonLayout& layout, const LiftingShape& shape)
    : joints_(static_cast<std::int64_t>(layout.size())) {
    key_point_encoder_ = register_module("key_point_encoder", encoder(2 * joints_, shape));
    pose_encoder_ = register_module("pose_encoder", encoder(3 * joints_, shape));
    decoder_ = register_module("decoder", decoder(3 * joints_, shape));
    bone_ends_ = register_buffer("bone_ends", bones_of(layout));
}

Tensor LiftingNetwork::encode_key_points(const Tensor& key_points) {
    return key_point_encoder_->forward(key_points.flatten(1));
}

Tensor LiftingNetwork::encode_poses(const Tensor& poses) { return pose_encoder_->forward(poses.flatten(1)); }

Tensor LiftingNetwork::decode(const Tensor& latent) { return decoder_->forward(latent).view({-1, joints_, 3}); }

Tensor LiftingNetwork::lift(const Tensor& key_points, double w) {
    if (!(w >= 0 && w <= 1)) throw std::invalid_argument("the weight of the lifted pose must lie between 0 and 1");
    const Tensor lifted = decode(encode_key_points(key_points));
    return w * lifted + (1 - w) * decode(encode_poses(lifted));
}

Tensor LiftingNetwork::bone_lengths(const Tensor& poses) const {
    return (poses.index_select(1, bone_ends_[0]) - poses.index_select(1, bone_ends_[1])).norm(2, -1);
}

std::int64_t LiftingNetwork::parameter_count() const {
    std::int64_t count = 0;
    for (const Tensor& parameter : parameters()) count += parameter.numel();
    return count;
}

Tensor reprojection_errors(const Tensor& poses, const Tensor& key_points) {
    const Tensor seen = key_points - key_points.mean(1, true);
    const Tensor shown = poses.narrow(2, 0, 2) - poses.narrow(2, 0, 2).mean(1, true);
    const Tensor scale = seen.norm(2, {1, 2}, true) / shown.norm(2, {1, 2}, true).clamp_min(1e-6);
    return (scale * shown - seen).norm(2, -1).mean(1);
}

LiftingLoss lifting_loss(LiftingNetwork& network, const LiftingBatch& batch, const LiftingLossOptions& options) {
    const Tensor known = rows_where(batch.known), unknown = rows_where(~batch.known);
    const Tensor truth = batch.poses.index_select(0, known);
    const Tensor seen_latent = network.encode_key_points(batch.key_points);
    const bool both = known.size(0) > (network.is_training() ? 1 : 0);
    // Both encoders' latents are decoded as one batch: its normalisation is the one that either will meet later.
    std::vector<Tensor> latents{seen_latent};
    if (both) {
        const double noise = network.is_training() ? options.noise : 0;
        latents.push_back(network.encode_poses(truth + noise * torch::randn_like(truth)));
    }
    const Tensor decoded = network.decode(torch::cat(latents));
    const Tensor lifted = decoded.narrow(0, 0, batch.key_points.size(0));

    LiftingLoss loss;
    const Tensor none = torch::zeros({}, batch.key_points.options());
    loss.lifted = loss.denoised = loss.latent = loss.bones = loss.reprojection = none;
    if (known.size(0) > 0) {
        const Tensor poses = lifted.index_select(0, known);
        loss.lifted = distance(poses, truth);
        loss.bones = (network.bone_lengths(poses) - network.bone_lengths(truth)).abs().mean();
    }
    if (both) {
        loss.denoised = distance(decoded.narrow(0, lifted.size(0), known.size(0)), truth);
        loss.latent = (seen_latent.index_select(0, known) - latents.back().detach()).abs().mean();
    }
    if (unknown.size(0) > 0)
        loss.reprojection =
            reprojection_errors(lifted.index_select(0, unknown), batch.key_points.index_select(0, unknown)).mean();
    loss.total = loss.lifted + loss.denoised + options.latent * loss.latent + options.bones * loss.bones +
                 options.reprojection * loss.reprojection;
    return loss;
}

}  // namespace inference
