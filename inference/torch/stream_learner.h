#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <stop_token>
#include <vector>

#include "inference/augmentation.h"
#include "inference/stream_rows.h"
#include "inference/torch/segment_losses.h"
#include "inference/torch/stream_network.h"

namespace inference {

// How a stream network is taught.
struct StreamLearning {
    int steps = 600;
    int batch = 16;
    int threads = 1;
    int window = 128;  // rows
    double rate = 1e-3;
    double decay = 5e-4;    // of matrices alone
    double warm_up = 0.05;  // share of the steps
    double longest_gradient = 5;
    double average_decay = 0.99;  // of the moving average that is kept
    double ohem_keep = 0.7;       // the hardest share of the labelled frames that is learnt from …
    double ohem_from = 0.2;       // … after this share of the steps
    double deviation = 2;         // of the Gaussian around a boundary, in rows
    double units = 1.5;           // weights of the losses (models.md 2.4)
    double boundaries = 0.5;
    double tempo = 0.2;  // windows are played so much slower and quicker
    UnitLossOptions loss;
    Augmentation weak = weak_augmentation();  // but for what it does to time
};

// A stream as it is learnt from.
struct StreamLesson {
    StreamRows rows;
    RowTargets targets;
};

struct StreamStep {
    int step = 0;
    double units = 0, boundaries = 0, total = 0;
};

struct StreamTraining {
    std::shared_ptr<StreamNetwork> network;  // the moving average
    std::optional<Breakdown> broken;         // its sample is the lesson
};

// Teaches a network windows that are drawn around labelled rows, by cross-entropy and Dice with a smoothing over time
// for the labels of every stage, and by the distance from Gaussian peaks for the boundaries; unlabelled rows are seen
// and not judged. AdamW with warm-up and a cosine. The same seed and number of threads give the same weights on the
// processor. nullopt when stopped. Throws std::invalid_argument when no row has a label.
std::optional<StreamTraining> taught_stream_network(std::span<const StreamLesson> lessons, Heading heading,
                                                    const StreamLearning& learning, const MakeStreamNetwork& make,
                                                    const StreamShape& shape, std::uint64_t seed, torch::Device device,
                                                    const std::function<void(const StreamStep&)>& report,
                                                    const std::stop_token& stop);

// Logits of labels and of the two boundaries, rows x (labels + 2), by overlapping windows on so many threads. nullopt
// when stopped.
std::optional<std::vector<float>> stream_logits(StreamNetwork& network, const StreamRows& rows, Heading heading,
                                                int labels, int window, int threads, const std::stop_token& stop);

}  // namespace inference
