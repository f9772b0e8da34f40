#pragma once

#include <span>
#include <vector>

#include "inference/segmentation_metrics.h"

// Which label follows which in a sequence of segments and how long each lasts: the grammar of models.md 2.4 (register
// A8), counted on labelled sequences, and the labels of segments that it and a classifier together find likeliest.
// Pure; any thread.
namespace inference {

// Labelled segments that follow each other without a gap.
struct LabelledRun {
    std::vector<int> labels;
    std::vector<double> seconds;  // that each lasts
    bool begins = false;          // the first one is where the whole begins
    bool ends = false;            // the last one is where it ends
};

// Labelled spans of a whole, which ascend and do not overlap: a run for each stretch of them without a gap. Throws
// std::invalid_argument for spans that are empty or out of order, and for a frame rate that is not positive.
std::vector<LabelledRun> runs_of(std::span<const LabelledSpan> spans, schemas::FrameSpan whole,
                                 double frames_per_second);

// Of the logarithm of seconds.
struct DurationPrior {
    double mean = 0;
    double deviation = 1;
};

struct Grammar {
    int labels = 0;
    // (labels + 1) x (labels + 1) logarithms, rows of probabilities that sum to 1: how likely the column follows the
    // row. The last row is the beginning of a whole, the last column its end.
    std::vector<double> transitions;
    std::vector<DurationPrior> durations;  // of each label; empty where too few segments are known

    [[nodiscard]] double transition(int from, int to) const {
        return transitions[static_cast<std::size_t>(from) * (static_cast<std::size_t>(labels) + 1) +
                           static_cast<std::size_t>(to)];
    }
};

// Bigram counts, each `smoothing` higher than it was seen (Laplace). Durations are log-normal; a label that was seen
// n times is described by those n and by five more that are distributed as those of all labels. Where fewer than
// two segments are known there are no durations. Throws std::invalid_argument where a label is not in
// 0 … labels - 1, a duration is not positive, a run has not as many of either, or smoothing is not positive.
Grammar counted_grammar(std::span<const LabelledRun> runs, int labels, double smoothing = 1);

// Segments that follow each other without a gap, as a classifier sees each by itself.
struct LabelChain {
    std::span<const float> probabilities;  // segments x labels; a row of one 1 is a label that is known
    std::span<const double> seconds;       // that each lasts
    bool begins = false;                   // as in LabelledRun
    bool ends = false;
};

struct LabelPath {
    std::vector<int> labels;  // of the likeliest path
    // segments x labels, rows sum to 1: of the likeliest path through each label of each segment (max-marginals). The
    // path's label is the first of the largest ones. With weight 0 they are the classifier's.
    std::vector<float> probabilities;
};

// The path that maximises the sum of log p(label) + weight (log P(label after the one before) + log P(duration |
// label)) (Viterbi 1967). Of equally likely labels the lower one is taken. Time: segments x labels². Throws
// std::invalid_argument naming the segment for a row that is no probabilities or is zero throughout, for a duration
// that is not positive, for sizes that do not fit, and for a weight below 0.
LabelPath likeliest_labels(const LabelChain& chain, const Grammar& grammar, double weight = 0.3);

}  // namespace inference
