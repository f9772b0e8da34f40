#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "inference/augmentation.h"
#include "inference/losses.h"
#include "inference/random.h"
#include "inference/teaching.h"

// What a network is taught, in which order and how fast, whatever its layers.
namespace inference {

enum class Descent { adamw, adam, sgd, rmsprop };

// Where trainings begin. earlier_weights: those of an earlier model, where they fit.
enum class Beginning { nothing, earlier_weights };

// How often examples of a class come. inverse_frequency: every class as often as any other.
enum class Balance { as_labelled, inverse_frequency };

struct LearningOptions {
    int steps = 1800;
    int batch = 16;
    int threads = 1;
    Descent descent = Descent::adamw;
    double rate = 2e-3;
    double decay = 5e-4;    // of weights; of matrices alone
    double l1 = 0;          // times the sum of the absolute values of matrices, in the loss
    double warm_up = 0.05;  // share of the steps
    double longest_gradient = 5;
    double layer_dropout = 0.1;
    double embedding_dropout = 0.3;
    double average_decay = 0.99;  // of the moving average that is kept
    double ohem_keep = 0.7;
    double ohem_from = 0.2;  // share of the steps
    Balance balance = Balance::as_labelled;
    int patience =
        0;  // looks at what is watched without a better macro F1 after which training stops; 0: it never does
    double patience_from = 0.3;  // share of the steps before which it does not
    Beginning beginning = Beginning::nothing;
    LossOptions loss;
    Augmentation weak = weak_augmentation();
    std::optional<TeachingOptions> teaching;  // by a moving average, of samples without a label
};

// in_turn: every example once before any comes again. by_weight: with replacement, as
// often as its weight says; the loss then weighs all alike.
enum class Drawing { in_turn, by_weight };

// What is learnt from, one row an example.
struct TrainingSet {
    std::vector<std::size_t> samples;  // of the motions
    std::vector<float> targets;        // examples x classes, rows sum to 1
    std::vector<float> weights;
    Drawing drawing = Drawing::in_turn;
    int classes = 0;
    std::vector<int> mirrored_labels;  // of each class, that of the mirrored motion; empty: the same
    Untaught untaught;                 // what a teacher labels, step by step; none where there is no teacher
};

// What by_weight draws by so that every class comes as often as any other: weights divided by what each class has of
// them, in shares of the targets. None is more than `most` times the mean, so that the only example of a rare class
// does not fill the batches. Classes without an example take no part.
std::vector<float> balanced_weights(const TrainingSet& set, double most = 10);

// Of scores rows x classes: the first row that holds what is no number, else the one that holds the largest.
std::size_t least_sound_row(std::span<const float> logits, int classes);

// Rises over the warm-up, then falls along half a cosine to 0.
double scheduled_rate(const LearningOptions& options, int step);

// Deals out batches, says how fast to learn and what was wrong with the answers.
//
// Thread: one.
class Curriculum {
public:
    // All three outlive it.
    Curriculum(const TrainingSet& set, const LearningOptions& options, Random& random);

    // The examples of the next step.
    std::vector<std::size_t> batch();
    [[nodiscard]] double rate(int step) const { return scheduled_rate(options_, step); }
    // Dice and cross-entropy over the hardest part of the batch (models.md 2.6, step 1), from logits batch x classes.
    // `sides` says of each row whether it is mirrored; empty: none is.
    BatchLoss loss(int step, std::span<const float> logits, std::span<const std::size_t> batch,
                   std::span<const Side> sides = {});
    // What it has dealt out and remembers. One of the same set and options that is given another's goes on as that one
    // would, with the same random numbers.
    struct State {
        std::vector<std::size_t> queue;  // examples that have not come up in this turn
        std::vector<float> loss_sums;    // of each example
        std::vector<int> loss_counts;
    };
    [[nodiscard]] const State& state() const { return state_; }
    // Throws std::invalid_argument where it is of another set.
    void go_on_from(State state);

    // Mean cross-entropy of each example over the last fifth of the steps; 0 where it did not come up.
    [[nodiscard]] std::vector<float> late_losses() const;

private:
    std::size_t in_turn();
    std::size_t by_weight();
    [[nodiscard]] std::vector<std::size_t> learnt_from(int step, std::span<const float> losses) const;
    void remember(int step, std::span<const std::size_t> batch, std::span<const float> losses);

    const TrainingSet& set_;
    const LearningOptions& options_;
    Random& random_;
    std::vector<double> sums_;
    State state_;
};

}  // namespace inference
