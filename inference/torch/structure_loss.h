#pragma once

#include <torch/torch.h>

#include <span>
#include <vector>

// The grammar of motion units (paper 003, eq. 6, by register A8): which unit follows which, counted on labelled
// sequences, in place of a discriminator, which would need more of them than 20 % of labels give.
namespace inference {

// (units + 1) x (units + 1), float, rows sum to 1: how likely the column follows the row. The last row is the start of
// a sequence, the last column its end. Every transition is counted once more than it was seen (Laplace). Count
// sequences of the same spacing as the probabilities that are scored: sequences of segments hardly ever repeat a unit,
// sequences of frames mostly do. Throws std::invalid_argument when a unit is not in 0 … units - 1.
torch::Tensor bigram_transitions(std::span<const std::vector<int>> sequences, int units);

// whole: the sequences begin and end where the dance does, so that start and end count too.
enum class SequenceEnds { open, whole };

// -mean_t p_t^T log(Trans) p_{t+1} over samples and pairs of neighbouring times; 0 where there is no pair.
// `unit_probabilities`: samples x units x times. `log_transitions`: the logarithm of bigram_transitions.
torch::Tensor grammar_loss(const torch::Tensor& unit_probabilities, const torch::Tensor& log_transitions,
                           SequenceEnds ends = SequenceEnds::open);

}  // namespace inference
