#pragma once

#include <torch/torch.h>

#include <cstdint>

#include "schemas/skeleton.h"

namespace inference {

struct LiftingShape {
    std::int64_t width = 1024;
    std::int64_t latent = 256;
    double dropout = 0.25;
};

// Lifts the key-points of single frames to 3-D poses (paper 004 eq. 2-4, models.md 2.5, register A18). Key-points and
// poses have an encoder each and share the decoder; the encoder of poses learns to repair what the other one lifted.
//
// Key-points are samples x joints x 2, poses samples x joints x 3: x right, y up, z, with the pelvis near the origin
// and both about as large, as prepared() leaves them. Every joint has a value.
//
// Thread: one at a time.
class LiftingNetwork : public torch::nn::Module {
public:
    explicit LiftingNetwork(const schemas::SkeletonLayout& layout, const LiftingShape& shape = {});

    // samples x latent
    torch::Tensor encode_key_points(const torch::Tensor& key_points);
    torch::Tensor encode_poses(const torch::Tensor& poses);
    // samples x joints x 3
    torch::Tensor decode(const torch::Tensor& latent);
    // w Dec(E2(p)) + (1 - w) Dec(E3(Dec(E2(p)))). Throws std::invalid_argument where w is not in [0, 1].
    torch::Tensor lift(const torch::Tensor& key_points, double w = 0.5);

    // samples x bones: the length of each joint's bone, in the order of the joints, without the root.
    [[nodiscard]] torch::Tensor bone_lengths(const torch::Tensor& poses) const;
    [[nodiscard]] std::int64_t parameter_count() const;

private:
    std::int64_t joints_;
    torch::nn::Sequential key_point_encoder_{nullptr}, pose_encoder_{nullptr}, decoder_{nullptr};
    torch::Tensor bone_ends_;  // 2 x bones: child and parent
};

struct LiftingBatch {
    torch::Tensor key_points;  // samples x joints x 2
    torch::Tensor poses;       // samples x joints x 3; of those without truth, anything
    torch::Tensor known;       // samples, bool: whether the pose is true
};

struct LiftingLossOptions {
    double latent = 0.1;
    double bones = 0.1;
    double reprojection = 0.5;
    double noise = 0.05;  // standard deviation added to the poses that are encoded in training; the torso is 0.5 long
};

// Scalars; `total` is weighted, the others are not.
struct LiftingLoss {
    torch::Tensor total;
    torch::Tensor lifted;        // |Dec(zA) - P|, the mean distance of a joint
    torch::Tensor denoised;      // |Dec(zB) - P|
    torch::Tensor latent;        // |zA - sg(zB)|, the mean over its values
    torch::Tensor bones;         // mean difference of the bones' lengths in Dec(zA)
    torch::Tensor reprojection;  // of samples without truth
};

// Terms that no sample has are 0. In training a batch needs two samples, and the encoder of poses sits out where only
// one of them has a pose: nothing normalises a batch of one.
LiftingLoss lifting_loss(LiftingNetwork& network, const LiftingBatch& batch, const LiftingLossOptions& options = {});

// One a sample: the mean distance between its key-points and its pose seen along z by an orthographic camera. Place and
// scale are the sample's own, such that both have one centre and one size.
torch::Tensor reprojection_errors(const torch::Tensor& poses, const torch::Tensor& key_points);

}  // namespace inference
