#include "inference/torch/segment_losses.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace inference {

namespace {

constexpr double dice_floor = 1e-3;

// Frames as rows, of all samples.
struct Rows {
    torch::Tensor log_probabilities;  // rows x units
    torch::Tensor targets;            // rows x units: one is 1, none where the frame has no label
    torch::Tensor mask;               // rows, bool
};

Rows rows_of(const torch::Tensor& logits, const torch::Tensor& units, const torch::Tensor& mask) {
    Rows rows;
    const std::int64_t classes = logits.size(1);
    rows.mask = mask.reshape({-1}).to(torch::kBool);
    rows.log_probabilities = torch::log_softmax(logits, 1).transpose(1, 2).reshape({-1, classes});
    const torch::Tensor labels = units.reshape({-1}).to(torch::kLong).masked_fill(rows.mask.logical_not(), 0);
    rows.targets =
        torch::one_hot(labels, classes).to(logits.scalar_type()) * rows.mask.unsqueeze(1).to(logits.scalar_type());
    return rows;
}

torch::Tensor cross_entropy_of_rows(const Rows& rows, double smoothing) {
    const torch::Tensor smoothed =
        rows.targets * (1 - smoothing) + smoothing / static_cast<double>(rows.targets.size(1));
    return -(smoothed * rows.log_probabilities).sum(1);
}

// Rows that are learnt from, bool.
torch::Tensor hardest_rows(const Rows& rows, const torch::Tensor& losses, double share) {
    if (share >= 1) return rows.mask;
    constexpr double never = -std::numeric_limits<double>::infinity();
    const torch::NoGradGuard guard;
    const auto labelled = static_cast<double>(rows.mask.sum().item<std::int64_t>());
    const torch::Tensor known = losses.masked_fill(rows.mask.logical_not(), never);
    const auto count = static_cast<std::int64_t>(std::ceil(share * labelled));
    torch::Tensor kept = torch::zeros_like(rows.mask);
    kept.index_fill_(0, std::get<1>(known.topk(count)), true);
    const torch::Tensor of_unit = known.unsqueeze(1).masked_fill(rows.targets == 0, never);
    const torch::Tensor present = rows.targets.sum(0).gt(0).nonzero().squeeze(1);
    kept.index_fill_(0, of_unit.argmax(0).index_select(0, present), true);
    return kept;
}

torch::Tensor dice_of_rows(const Rows& rows, const torch::Tensor& kept) {
    const torch::Tensor weights = kept.unsqueeze(1).to(rows.targets.scalar_type());
    const torch::Tensor p = rows.log_probabilities.exp();
    const torch::Tensor shared = (weights * p * rows.targets).sum(0);
    const torch::Tensor whole = (weights * (p.square() + rows.targets.square())).sum(0);
    const torch::Tensor present = (weights * rows.targets).sum(0).gt(0).to(p.scalar_type());
    const torch::Tensor dice = 1 - (2 * shared + dice_floor) / (whole + dice_floor);
    return (dice * present).sum() / present.sum().clamp_min(1);
}

torch::Tensor smoothing_of(const torch::Tensor& logits, const torch::Tensor& mask, double tau) {
    const std::int64_t pairs = logits.size(2) - 1;
    const torch::Tensor log_p = torch::log_softmax(logits, 1);
    const torch::Tensor step = log_p.narrow(2, 1, pairs) - log_p.narrow(2, 0, pairs).detach();
    const torch::Tensor known = mask.to(torch::kBool);
    const torch::Tensor both =
        known.narrow(1, 0, pairs).logical_and(known.narrow(1, 1, pairs)).to(logits.scalar_type());
    const torch::Tensor of_pairs = step.square().clamp_max(tau * tau).mean(1);
    return (of_pairs * both).sum() / both.sum().clamp_min(1);
}

// One channel of the targets.
void write_targets(std::span<const double> boundaries, double deviation, const torch::Tensor& peaks,
                   const torch::Tensor& offsets) {
    auto peak = peaks.accessor<float, 1>();
    auto offset = offsets.accessor<float, 1>();
    for (std::int64_t frame = 0; frame < peaks.size(0) && !boundaries.empty(); ++frame) {
        const auto here = static_cast<double>(frame);
        const double nearest =
            std::ranges::min(boundaries, {}, [here](double boundary) { return std::abs(boundary - here); }) - here;
        offset[frame] = static_cast<float>(nearest);
        if (deviation > 0) peak[frame] = static_cast<float>(std::exp(-nearest * nearest / (2 * deviation * deviation)));
    }
    for (const double boundary : boundaries) {
        const auto frame = static_cast<std::int64_t>(std::lround(boundary));
        if (deviation <= 0 && frame >= 0 && frame < peaks.size(0)) peak[frame] = 1;
    }
}

}  // namespace

torch::Tensor unit_loss(const torch::Tensor& logits, const torch::Tensor& units, const torch::Tensor& mask,
                        const UnitLossOptions& options) {
    const Rows rows = rows_of(logits, units, mask);
    const torch::Tensor losses = cross_entropy_of_rows(rows, options.label_smoothing);
    const torch::Tensor kept = hardest_rows(rows, losses, options.keep);
    const torch::Tensor weights = kept.to(losses.scalar_type());
    const torch::Tensor cross_entropy = (losses * weights).sum() / weights.sum().clamp_min(1);
    const torch::Tensor frame_loss = (options.dice * dice_of_rows(rows, kept) + options.cross_entropy * cross_entropy) /
                                     (options.dice + options.cross_entropy);
    return frame_loss + options.smoothing * smoothing_of(logits, mask, options.tau);
}

BoundaryTargets boundary_targets(std::span<const double> starts, std::span<const double> ends, std::int64_t frames,
                                 double deviation) {
    BoundaryTargets targets{torch::zeros({2, frames}), torch::zeros({2, frames})};
    write_targets(starts, deviation, targets.peaks[0], targets.offsets[0]);
    write_targets(ends, deviation, targets.peaks[1], targets.offsets[1]);
    return targets;
}

torch::Tensor boundary_probabilities(const torch::Tensor& boundaries, BoundaryReading reading) {
    return reading == BoundaryReading::logits ? torch::sigmoid(boundaries) : boundaries.clamp(0, 1);
}

BoundaryLossOptions literal_boundary_options() {
    return {.reading = BoundaryReading::literal, .beta = 1, .peak_weight = 0};
}

torch::Tensor boundary_loss(const torch::Tensor& boundaries, const torch::Tensor& peaks, const torch::Tensor& mask,
                            const BoundaryLossOptions& options) {
    // The literal loss pulls back what has left [0, 1].
    const torch::Tensor said = options.reading == BoundaryReading::logits ? torch::sigmoid(boundaries) : boundaries;
    const torch::Tensor known = mask.unsqueeze(1).to(boundaries.scalar_type());
    const torch::Tensor weights = known * (1 + options.peak_weight * peaks);
    const torch::Tensor losses = torch::smooth_l1_loss(said, peaks, at::Reduction::None, options.beta);
    return (weights * losses).sum() / (known.sum() * peaks.size(1)).clamp_min(1);
}

torch::Tensor offset_loss(const torch::Tensor& offsets, const BoundaryTargets& targets, const torch::Tensor& mask) {
    const torch::Tensor weights = mask.unsqueeze(1).to(offsets.scalar_type()) * targets.peaks;
    const torch::Tensor losses = torch::smooth_l1_loss(offsets, targets.offsets, at::Reduction::None, 1.0);
    return (weights * losses).sum() / weights.sum().clamp_min(1);
}

}  // namespace inference
