#pragma once

#include <functional>
#include <map>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <vector>

#include "inference/model_family.h"
#include "inference/torch/lesson_log.h"
#include "inference/torch/motion_classifier.h"

namespace inference {

enum class Unlabelled { ignore, learn_from };

struct Learnt {
    MotionClassifier classifier;
    double temperature = 1;
    std::map<std::string, double> metrics;
    std::vector<TrainProgress> curve;  // of an interrupted lesson, too
    std::optional<Breakdown> broken;
    std::vector<std::size_t> suspected;  // samples whose label is the hardest to learn, 2 % of the labelled ones
};

// Labelled samples that are only looked at.
struct Watched {
    MotionSet motions;
    std::vector<int> labels;
};

// What is done with the steps of a training, whatever the network:
//   a sixth   a rehearsal without a fifth of the labels. What it says about those calibrates
//             the confidence (Guo et al. 2017), and tells whether unlabelled samples help.
//             Where no class has two labels it cannot be held, and they are not used;
//   the rest  learning from all labels; where unlabelled samples are used, two fifths of it, after which
//             the network and the nearest labelled motions together label what they are sure
//             of, and a fresh network learns from both with plain cross-entropy. Mining hard
//             examples among pseudo-labels would select the wrong ones.
class Lesson {
public:
    // All that is passed by reference outlives it.
    Lesson(const MotionSet& motions, std::span<const Sample> samples, int classes, const Learner& learner,
           const LearningOptions& options, std::uint64_t seed);

    std::function<void(const TrainProgress&)> report;  // every ten steps
    const Watched* watched = nullptr;                  // at every thirtieth part of the steps
    LessonLog* log = nullptr;                          // that it goes on from and is kept in

    // nullopt when stopped.
    std::optional<Learnt> learn(Unlabelled unlabelled, const std::stop_token& stop);

private:
    struct Rehearsal {
        double temperature = 1;
        bool semi_supervised = false;
        std::map<std::string, double> metrics;
    };

    std::optional<Rehearsal> rehearse(int steps, Unlabelled unlabelled, const std::stop_token& stop);
    std::optional<MotionClassifier> taught(std::span<const int> labels, int steps, std::uint64_t salt,
                                           const std::stop_token& stop);
    // Learns from `labels` and from what `teacher` is sure of, from `labels` alone where that is nothing.
    std::optional<MotionClassifier> self_taught(MotionClassifier teacher, std::span<const int> labels, int steps,
                                                std::uint64_t salt, const std::stop_token& stop);
    std::optional<Training> run(const TrainingSet& set, const LearningOptions& options, std::uint64_t salt,
                                const std::stop_token& stop);
    void tell(const BatchLoss& loss, const TrainingAtWork& training, const std::stop_token& stop);
    [[nodiscard]] double share_right(const std::shared_ptr<const TrainedNetwork>& network,
                                     const std::stop_token& stop) const;
    [[nodiscard]] TrainingSet labelled_set(std::span<const int> labels) const;
    [[nodiscard]] std::vector<std::size_t> hardest_to_learn(const TrainingSet& set) const;

    const MotionSet& motions_;
    std::vector<int> labels_;  // of the samples, -1 where unlabelled or of no weight
    std::vector<float> weights_;
    int classes_;
    const Learner& learner_;
    LearningOptions options_;
    std::uint64_t seed_;
    std::size_t trainings_ = 0;  // that have begun
    std::vector<TrainProgress> curve_;
    int done_ = 0;                     // steps
    std::optional<Breakdown> broken_;  // the first
    std::vector<float> late_losses_;
};

}  // namespace inference
