#pragma once

#include <cstdint>
#include <span>
#include <vector>

// Online hard-example mining (models.md 2.6, step 1). Only ever on labelled samples.
namespace inference {

struct OhemOptions {
    double keep = 0.7;         // the hardest share that is learnt from
    double suspicious = 0.02;  // the very hardest share, which is taken for label noise
};

struct OhemChoice {
    std::vector<std::size_t> kept;        // ascending
    std::vector<std::size_t> suspicious;  // ascending; neither kept nor forgotten
};

// Of `losses` one a sample. The suspicious share is rounded down, the kept one up and it is at
// least one. Of equal losses the lower index is the harder one.
OhemChoice hardest(std::span<const float> losses, const OhemOptions& options = {});

double entropy(std::span<const float> probabilities);  // in nats
double margin(std::span<const float> probabilities);   // best less second best; 1 for a single class

// The weights of corrected samples in the next round: 1 + l / mean l of the loss that the
// pre-label had (models.md 2.6, step 5). All 1 where every loss is 0.
std::vector<double> correction_weights(std::span<const double> losses);

}  // namespace inference
