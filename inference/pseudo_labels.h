#pragma once

#include <cstdint>
#include <span>
#include <vector>

// What a model may teach itself from samples that nobody has labelled, and when it must
// not (models.md 2.6, steps 2 and 3).
namespace inference {

enum class Alignment { none, labelled_share };

struct PseudoLabelOptions {
    double threshold = 0.5;  // of the best probability
    // The threshold of a class falls with the mean confidence in it, as in FlexMatch:
    // threshold x mean confidence of the class / the largest such mean, not below `floor`.
    bool per_class = false;
    double floor = 0.3;
    // labelled_share: probabilities are divided by what the model says on average and
    // multiplied by how often a class is labelled, before anything else.
    Alignment alignment = Alignment::none;
};

struct PseudoLabels {
    std::vector<std::size_t> rows;  // that are confident enough, ascending
    std::vector<float> targets;     // rows.size() x classes
    std::vector<float> confidence;  // one a row
};

// `probabilities` holds samples x classes, `labels` those of the labelled samples.
PseudoLabels pseudo_labels(std::span<const float> probabilities, std::span<const int> labels, int classes,
                           const PseudoLabelOptions& options = {});

// A fifth of the labelled samples to test with, of every class that has two or more at
// least one and never all. Indices into `labels`, ascending; those of -1 never.
std::vector<std::size_t> held_out(std::span<const int> labels, int classes, std::uint64_t seed);

// Whether learning from unlabelled samples may be kept: it must not get more than 2 points
// fewer held-out samples right. A difference of one sample is chance.
bool helps(std::size_t right_without, std::size_t right_with, std::size_t held_out);

}  // namespace inference
