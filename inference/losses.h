#pragma once

#include <span>
#include <vector>

// Losses with their gradients over a batch of class scores, small enough to be computed
// without LibTorch. Rows are samples, columns classes.
namespace inference {

struct LossOptions {
    double dice = 3;  // register A22: (3 Dice + 1 CE) / 4
    double cross_entropy = 1;
    double label_smoothing = 0.1;  // of the cross-entropy
};

struct BatchLoss {
    double total = 0;
    double dice = 0;
    double cross_entropy = 0;
    double unlabelled = 0;          // part of `total` that samples without a label have, where a teacher labels them
    double sure = 0;                // share of those that the teacher was sure of
    std::vector<float> per_sample;  // cross-entropy of every row, kept or not
    std::vector<float> gradient;    // of `total` by the logits, rows x classes
};

// Targets are rows that sum to 1. `kept` are the rows that are learnt from (OHEM); weights,
// one a row, scale a row's part in both sums. Dice runs over the batch and over the classes
// present in it: 1 - (2 sum p y + 1e-3) / (sum p^2 + sum y^2 + 1e-3).
BatchLoss dice_cross_entropy(std::span<const float> logits, std::span<const float> targets, int classes,
                             std::span<const float> weights, std::span<const std::size_t> kept,
                             const LossOptions& options = {});

// Cross-entropy of every row with smoothed targets.
std::vector<float> cross_entropies(std::span<const float> logits, std::span<const float> targets, int classes,
                                   double label_smoothing);

}  // namespace inference
