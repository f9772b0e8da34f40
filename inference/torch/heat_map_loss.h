#pragma once

#include <torch/torch.h>

#include <vector>

// What the LSTM-CNN learns of key-points (models.md 2.2, registers A21 and A22). A frame in which no joint is visible
// has no labels: it adds nothing to any of these losses, and where there are no other frames a loss is 0.
namespace inference {

struct KeyPoints {
    torch::Tensor places;   // samples x frames x joints x 3, placed as inference/depth_crop.h says
    torch::Tensor visible;  // samples x frames x joints, bool

    [[nodiscard]] torch::Tensor labelled() const { return visible.any(2); }  // samples x frames
};

// Smooth-L1 (quadratic up to `beta`), mean over the coordinates of visible joints.
torch::Tensor key_point_loss(const torch::Tensor& predicted, const KeyPoints& truth, double beta = 0.02);

// samples x frames x (joints + 1) x side x side, channels sum to 1. A visible joint is a Gaussian around its place, cut
// off at three deviations; the last channel, the background, is what the highest of them leaves of 1. Where joints
// overlap they share the cell.
torch::Tensor heat_map_targets(const KeyPoints& truth, std::int64_t side = 8, double deviation_cells = 0.75);

struct PixelMining {
    double keep = 0.25;                 // the hardest share
    double negatives_per_positive = 3;  // at least, as long as there are any
};

// Which pixels are learnt from, bool: the hardest share of all, and further negatives, hardest first, until there are
// enough for the positives among them. Of equal losses the first is the harder one.
torch::Tensor hardest_pixels(const torch::Tensor& losses, const torch::Tensor& positive,
                             const PixelMining& mining = {});

struct HeatMapLossOptions {
    double dice = 3;  // register A22: (3 Dice + 1 CE) / 4
    double cross_entropy = 1;
    double deviation_cells = 0.75;
    PixelMining mining;
};

// Dice and cross-entropy over the hardest pixels of all labelled frames. A pixel is positive where the joints have more
// of it than the background. Dice as in inference/losses.h, over the channels present.
torch::Tensor heat_map_loss(const torch::Tensor& logits, const KeyPoints& truth,
                            const HeatMapLossOptions& options = {});

// How far the lengths of a body's bones vary over its labelled frames: variance over time, mean over bones and samples.
// `parents` as in schemas::SkeletonLayout. `units`, samples x 3, is what one unit of x, y and z measures
// (DepthCrop::unit_metres), without which a bone that turns towards the camera would seem to change its length.
torch::Tensor bone_length_variance(const torch::Tensor& places, const torch::Tensor& labelled,
                                   const std::vector<int>& parents, const torch::Tensor& units);

struct PoseLossOptions {
    double key_points = 1;
    double heat_maps = 0.5;
    double bones = 0.1;
    double beta = 0.02;
    HeatMapLossOptions of_heat_maps;
};

struct PoseLoss {
    torch::Tensor key_points, heat_maps, bones;  // before they are weighted
    torch::Tensor total;
};

// Everything that a network says about key-points. The loss of the class is the trainer's.
PoseLoss pose_loss(const torch::Tensor& key_points, const torch::Tensor& heat_maps, const KeyPoints& truth,
                   const std::vector<int>& parents, const torch::Tensor& units, const PoseLossOptions& options = {});

}  // namespace inference
