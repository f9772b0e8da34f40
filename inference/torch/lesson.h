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

// What samples without a label are good for. in_two_stages: once the network has learnt from the labels it labels the
// others, and a fresh one learns from both. with_teacher: its moving average labels them, step by step (Teaching).
enum class Unlabelled { ignore, in_two_stages, with_teacher };

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
// With a teacher the rehearsal is a third, so that the teacher gets to say something: half of it without unlabelled
// samples, half with them. At every tenth of both the held-out labels are asked for, and where the teacher's network
// was worse by more than 2 points, and one sample, at two tenths in a row or at the last, it is not used for the rest
// (models.md 2.6, step 3).
//
// With options.patience the rest ends where the macro F1 on what is watched gets no better, and the best of its
// networks is kept: in each of its parts where it has two.
class Lesson {
public:
    // All that is passed by reference outlives it.
    Lesson(const MotionSet& motions, std::span<const Sample> samples, int classes, const Learner& learner,
           const LearningOptions& options, std::uint64_t seed);

    std::function<void(const TrainProgress&)> report;  // every ten steps
    const Watched* watched = nullptr;                  // at every thirtieth part of the steps
    LessonLog* log = nullptr;                          // that it goes on from and is kept in
    std::vector<int> mirrored_labels;                  // as TrainingSet has them
    Beginning beginning = Beginning::nothing;          // of all trainings but the rehearsal
    Beginning rehearsal_beginning = Beginning::nothing;

    // nullopt when stopped.
    std::optional<Learnt> learn(Unlabelled unlabelled, const std::stop_token& stop);

private:
    struct Rehearsal {
        double temperature = 1;
        bool semi_supervised = false;
        std::map<std::string, double> metrics;
    };
    // One of the trainings that a lesson is made of.
    struct Plan {
        int steps = 0;
        std::uint64_t salt = 0;
        enum class Part { rehearsal, rest } part = Part::rest;
    };
    // The held-out labels of a rehearsal, and how many of them were right at each tenth of its trainings.
    struct Guard {
        MotionSet motions;
        std::vector<int> labels;
        std::vector<int> without, with;

        std::vector<int>& rights_of(const LearningOptions& options) { return options.teaching ? with : without; }
    };

    std::optional<Rehearsal> rehearse(int steps, Unlabelled unlabelled, const std::stop_token& stop);
    std::optional<MotionClassifier> taught(std::span<const int> labels, const Plan& plan, Unlabelled unlabelled,
                                           const std::stop_token& stop);
    // Learns from `labels` and from what `teacher` is sure of, from `labels` alone where that is nothing.
    std::optional<MotionClassifier> self_taught(MotionClassifier teacher, std::span<const int> labels, const Plan& plan,
                                                const std::stop_token& stop);
    std::optional<Training> run(const TrainingSet& set, LearningOptions options, const Plan& plan,
                                const std::stop_token& stop);
    struct Sight {
        double accuracy = 0;
        double macro_f1 = 0;
    };
    // Of what is watched, where this step is one to look at.
    [[nodiscard]] std::optional<Sight> sight(const TrainingAtWork& training, const std::stop_token& stop) const;
    void tell(const BatchLoss& loss, const std::optional<Sight>& sight);
    [[nodiscard]] bool is_harmful(const LearningOptions& options, int step, const TrainingAtWork& training,
                                  const std::stop_token& stop);
    [[nodiscard]] std::vector<int> answers(const std::shared_ptr<const TrainedNetwork>& network,
                                           const MotionSet& motions, const std::stop_token& stop) const;
    [[nodiscard]] TrainingSet labelled_set(std::span<const int> labels) const;
    void balance(TrainingSet& set) const;
    [[nodiscard]] Untaught untaught(const NearestMotions& known, std::span<const int> labels) const;
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
    std::optional<Guard> guard_;                 // while a teacher is tried
    std::map<std::string, double> early_stops_;  // as metrics
};

}  // namespace inference
