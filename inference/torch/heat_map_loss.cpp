#include "inference/torch/heat_map_loss.h"

#include <algorithm>
#include <cmath>

namespace inference {

namespace {

constexpr double dice_floor = 1e-3;
constexpr double cut_deviations = 3;
constexpr double length_floor = 1e-8;  // keeps the slope of a square root finite where joints coincide

// Along one axis, in cells: from each place, -1 … 1, to the middle of each of `side` cells.
torch::Tensor squared_distances(const torch::Tensor& places, std::int64_t side) {
    const torch::Tensor cells = torch::arange(side, places.options()) + 0.5;
    const torch::Tensor centres = (places + 1) * (static_cast<double>(side) / 2);
    return (cells - centres.unsqueeze(-1)).square();
}

// pixels x channels of the labelled frames.
torch::Tensor labelled_pixels(const torch::Tensor& maps, const torch::Tensor& labelled) {
    const torch::Tensor frames = maps.flatten(0, 1).index({labelled.flatten()});
    return frames.permute({0, 2, 3, 1}).flatten(0, 2);
}

torch::Tensor dice(const torch::Tensor& p, const torch::Tensor& targets) {
    const torch::Tensor shared = (p * targets).sum(0);
    const torch::Tensor whole = (p.square() + targets.square()).sum(0);
    const torch::Tensor channels = 1 - (2 * shared + dice_floor) / (whole + dice_floor);
    return channels.masked_select(targets.gt(0).any(0)).mean();
}

torch::Tensor index_tensor(const std::vector<std::int64_t>& values, torch::Device device) {
    return torch::tensor(values, torch::kInt64).to(device);
}

}  // namespace

torch::Tensor key_point_loss(const torch::Tensor& predicted, const KeyPoints& truth, double beta) {
    // An unseen joint may lie anywhere, so that it is left out and not multiplied by 0.
    const torch::Tensor places = predicted.index({truth.visible});
    const torch::Tensor sum =
        torch::smooth_l1_loss(places, truth.places.index({truth.visible}), torch::Reduction::Sum, beta);
    return sum / static_cast<double>(std::max<std::int64_t>(places.numel(), 1));
}

torch::Tensor heat_map_targets(const KeyPoints& truth, std::int64_t side, double deviation_cells) {
    const torch::Tensor across = squared_distances(truth.places.select(3, 0), side);
    const torch::Tensor down = squared_distances(truth.places.select(3, 1), side);
    const torch::Tensor squares = (down.unsqueeze(-1) + across.unsqueeze(-2)) / (deviation_cells * deviation_cells);
    const torch::Tensor seen =
        truth.visible.unsqueeze(-1).unsqueeze(-1).logical_and(squares <= cut_deviations * cut_deviations);
    const torch::Tensor joints = (squares / -2).exp().masked_fill(seen.logical_not(), 0);
    const torch::Tensor channels = torch::cat({joints, 1 - joints.amax(2, true)}, 2);
    return channels / channels.sum(2, true);
}

torch::Tensor hardest_pixels(const torch::Tensor& losses, const torch::Tensor& positive, const PixelMining& mining) {
    const std::int64_t count = losses.size(0);
    const auto share = static_cast<std::int64_t>(std::ceil(mining.keep * static_cast<double>(count)));
    const torch::Tensor order = std::get<1>(losses.detach().sort(c10::optional<bool>(true), 0, true));
    torch::Tensor kept = torch::zeros_like(positive);
    kept.index_fill_(0, order.narrow(0, 0, std::min(share, count)), true);
    const torch::Tensor negative = positive.logical_not();
    const auto positives = static_cast<double>(kept.logical_and(positive).sum().item<std::int64_t>());
    const auto wanted = static_cast<std::int64_t>(std::ceil(mining.negatives_per_positive * positives));
    const std::int64_t lacking = wanted - kept.logical_and(negative).sum().item<std::int64_t>();
    if (lacking <= 0) return kept;
    const torch::Tensor others = kept.logical_not().logical_and(negative);
    const torch::Tensor further = order.masked_select(others.index_select(0, order));
    return kept.index_fill_(0, further.narrow(0, 0, std::min(lacking, further.size(0))), true);
}

torch::Tensor heat_map_loss(const torch::Tensor& logits, const KeyPoints& truth, const HeatMapLossOptions& options) {
    const torch::Tensor labelled = truth.labelled();
    const torch::Tensor log_p = labelled_pixels(logits, labelled).log_softmax(1);
    if (log_p.size(0) == 0) return log_p.sum();
    const torch::Tensor targets =
        labelled_pixels(heat_map_targets(truth, logits.size(4), options.deviation_cells), labelled);
    const torch::Tensor losses = -(targets * log_p).sum(1);
    const torch::Tensor kept = hardest_pixels(losses, targets.select(1, -1) < 0.5, options.mining).nonzero().squeeze(1);
    const torch::Tensor overlap = dice(log_p.index_select(0, kept).exp(), targets.index_select(0, kept));
    return (options.dice * overlap + options.cross_entropy * losses.index_select(0, kept).mean()) /
           (options.dice + options.cross_entropy);
}

torch::Tensor bone_length_variance(const torch::Tensor& places, const torch::Tensor& labelled,
                                   const std::vector<int>& parents, const torch::Tensor& units) {
    std::vector<std::int64_t> ends, starts;
    for (std::size_t joint = 0; joint < parents.size(); ++joint) {
        if (parents[joint] < 0) continue;
        ends.push_back(static_cast<std::int64_t>(joint));
        starts.push_back(parents[joint]);
    }
    const torch::Tensor bones = places.index_select(2, index_tensor(ends, places.device())) -
                                places.index_select(2, index_tensor(starts, places.device()));
    const torch::Tensor scaled = bones * units.unsqueeze(1).unsqueeze(1);
    const torch::Tensor lengths = (scaled.square().sum(3) + length_floor).sqrt();  // samples x frames x bones
    const torch::Tensor counts = labelled.unsqueeze(2).to(lengths.dtype());
    const torch::Tensor frames = counts.sum(1, true);
    const torch::Tensor means = (lengths * counts).sum(1, true) / frames.clamp_min(1);
    const torch::Tensor variances = ((lengths - means).square() * counts).sum(1, true) / frames.clamp_min(1);
    return variances.mean(2).sum() / frames.gt(0).sum().clamp_min(1);
}

PoseLoss pose_loss(const torch::Tensor& key_points, const torch::Tensor& heat_maps, const KeyPoints& truth,
                   const std::vector<int>& parents, const torch::Tensor& units, const PoseLossOptions& options) {
    PoseLoss loss;
    loss.key_points = key_point_loss(key_points, truth, options.beta);
    loss.heat_maps = heat_map_loss(heat_maps, truth, options.of_heat_maps);
    loss.bones = bone_length_variance(key_points, truth.labelled(), parents, units);
    loss.total = options.key_points * loss.key_points + options.heat_maps * loss.heat_maps + options.bones * loss.bones;
    return loss;
}

}  // namespace inference
