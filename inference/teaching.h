#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "inference/augmentation.h"
#include "inference/random.h"

// Learning from samples without a label, step by step: a teacher, the moving average of the network, says what a weak
// view of one shows, and the network learns that from a strong view (models.md 2.6, step 2).
namespace inference {

struct TeachingOptions {
    int ratio = 3;              // samples without a label for each labelled one of a batch (mu)
    double threshold = 0.9;     // of the best probability, of the class that the teacher is surest of
    double floor = 0.7;         // of the thresholds of the other classes
    double ramp = 0.3;          // share of the steps over which the weight rises, squared
    double consistency = 0.5;   // of the squared difference between what the two say
    double labels_for_all = 5;  // a class, on average, from which on the weight is 1
    double memory = 0.99;       // of the running means
    bool ask_nearest = true;    // the nearest labelled motions label along with the teacher
    Augmentation strong = student_augmentation();
};

// What nobody has labelled.
struct Untaught {
    std::vector<std::size_t> samples;  // of the motions
    std::vector<float> nearest;        // samples x classes, log-probabilities that are added to the teacher's; or empty
    double labels_a_class = 0;         // that the others have, on average over the classes that have any
};

// Probabilities, or targets, of a motion become those of the mirrored one. `partners` holds, of each class, that of the
// mirrored motion, and is empty where all keep their class.
void mirror_labels(std::span<float> row, std::span<const int> partners);

struct TaughtLoss {
    double total = 0;             // weighted
    double sure = 0;              // share of the rows that the teacher was sure of
    std::vector<float> gradient;  // of `total` by the student's logits, rows x classes
};

// Deals out samples without a label, and says how far the student is from what the teacher is sure of.
//
// With q = what the teacher says, divided by its running mean and scaled to a sum of 1 (distribution alignment), c =
// max q and the running mean c_k of c over the samples taken for class k, a sample counts where c is above 0.9 c_k /
// max c, not below 0.7. The loss is the mean over the rows of [c counts] CE(student, argmax q) + 0.5 |student - q|^2,
// times min(1, labels a class / 5) and the square of min(1, step / 0.3 steps).
//
// Thread: one.
class Teaching {
public:
    // All that is passed by reference outlives it.
    Teaching(const Untaught& untaught, int classes, std::span<const int> partners, const TeachingOptions& options,
             int steps, Random& random);

    // Places in `untaught` of the next step, every one once before any comes again.
    std::vector<std::size_t> batch(std::size_t labelled);
    // From logits batch x classes of the teacher's weak and the student's strong views; `sides` are those of the
    // latter.
    TaughtLoss loss(int step, std::span<const float> teacher, std::span<const float> student,
                    std::span<const std::size_t> batch, std::span<const Side> sides);

    struct State {
        std::vector<std::size_t> queue;
        std::vector<float> means;       // of what the teacher says of each class
        std::vector<float> confidence;  // c_k
    };
    [[nodiscard]] const State& state() const { return state_; }
    // Throws std::invalid_argument where it is of another set.
    void go_on_from(State state);

    // What counts at this step, without what it is of.
    [[nodiscard]] double weight(int step) const;

private:
    [[nodiscard]] std::vector<float> said(std::span<const float> teacher, std::span<const std::size_t> batch) const;
    void align(std::vector<float>& said);
    [[nodiscard]] std::vector<double> thresholds() const;
    void remember(std::span<const float> said);

    const Untaught& untaught_;
    std::size_t classes_;
    std::span<const int> partners_;
    const TeachingOptions& options_;
    int steps_;
    Random& random_;
    State state_;
};

}  // namespace inference
