#pragma once

#include <torch/torch.h>

#include <span>

// Losses of the frame-wise heads, differentiable by LibTorch. `mask`, samples x frames, is true where a frame has a
// label; where none has, a loss is 0.
namespace inference {

struct UnitLossOptions {
    double dice = 3;  // register A22: (3 Dice + 1 CE) / 4
    double cross_entropy = 1;
    double label_smoothing = 0.1;  // of the cross-entropy
    double keep = 1;               // OHEM: the hardest share of the frames that is learnt from, at least one a unit
    double smoothing = 0.15;       // share of the smoothing
    double tau = 4;                // where a step of the log-probabilities is cut off
};

// `logits`: samples x units x frames; `units`: samples x frames, whole numbers, anything where the mask is false. Dice
// runs over the batch and over the units present, as in inference/losses.h. The smoothing is the truncated mean squared
// error between the log-probabilities of neighbouring frames of MS-TCN (Farha and Gall 2019, eq. 5 to 7).
torch::Tensor unit_loss(const torch::Tensor& logits, const torch::Tensor& units, const torch::Tensor& mask,
                        const UnitLossOptions& options = {});

struct BoundaryTargets {
    torch::Tensor peaks;    // 2 x frames, start and end: 1 at a boundary, Gaussian around it
    torch::Tensor offsets;  // 2 x frames: frames from here to the nearest one, 0 where there is none
};

// Boundaries in frames, and between frames where a motion was resampled; a start is the first frame of a unit, an end
// its last. With deviation 0 the peaks are 1 at the nearest frame and 0 elsewhere, as in paper 003.
BoundaryTargets boundary_targets(std::span<const double> starts, std::span<const double> ends, std::int64_t frames,
                                 double deviation = 2);

// What the boundary head says: logits, or by the literal text of paper 003 probabilities, that may leave [0, 1].
enum class BoundaryReading { logits, literal };

torch::Tensor boundary_probabilities(const torch::Tensor& boundaries, BoundaryReading reading);

struct BoundaryLossOptions {
    BoundaryReading reading = BoundaryReading::logits;
    double beta = 0.1;
    double peak_weight = 9;  // a frame weighs 1 + 9 g
};

// Smooth L1 without weights on what the head says.
BoundaryLossOptions literal_boundary_options();

// A9: what to multiply boundary_loss by, so that it is about 1 at first.
inline constexpr double boundary_scale = 4;

// Weighted smooth L1 of the probabilities, mean over frames of both channels (register A7). `boundaries` and `peaks`:
// samples x 2 x frames.
torch::Tensor boundary_loss(const torch::Tensor& boundaries, const torch::Tensor& peaks, const torch::Tensor& mask,
                            const BoundaryLossOptions& options = {});

// Smooth L1 of the offsets, mean over frames weighted by the peaks. All samples x 2 x frames.
torch::Tensor offset_loss(const torch::Tensor& offsets, const BoundaryTargets& targets, const torch::Tensor& mask);

}  // namespace inference
