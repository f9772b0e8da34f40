#include "inference/torch/lesson.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "inference/calibration.h"
#include "inference/hard_examples.h"
#include "inference/pseudo_labels.h"

namespace inference {

namespace {

constexpr int steps_a_report = 10;
constexpr int looks = 30;  // at what is watched
constexpr double rehearsal_share = 1.0 / 6;
constexpr double first_share = 0.4;  // of the steps after the rehearsal, where unlabelled samples follow
constexpr double suspicious_share = 0.02;

std::size_t count_labelled(std::span<const int> labels) {
    return static_cast<std::size_t>(std::ranges::count_if(labels, [](int label) { return label >= 0; }));
}

// Logits of the held-out samples alone, and their labels.
struct HeldOut {
    std::vector<float> logits;
    std::vector<int> labels;

    [[nodiscard]] std::size_t right(int classes) const {
        std::size_t hits = 0;
        for (std::size_t i = 0; i < labels.size(); ++i) {
            const auto row =
                std::span(logits).subspan(i * static_cast<std::size_t>(classes), static_cast<std::size_t>(classes));
            hits += std::ranges::max_element(row) - row.begin() == labels[i] ? 1 : 0;
        }
        return hits;
    }
};

HeldOut rows_of(std::span<const float> logits, std::span<const std::size_t> held, std::span<const int> labels,
                int classes) {
    HeldOut rows;
    const auto width = static_cast<std::size_t>(classes);
    for (const std::size_t sample : held) {
        const auto row = logits.subspan(sample * width, width);
        rows.logits.insert(rows.logits.end(), row.begin(), row.end());
        rows.labels.push_back(labels[sample]);
    }
    return rows;
}

// A few samples say little: the temperature stays near 1 then.
double careful_temperature(const HeldOut& held, int classes) {
    const auto count = static_cast<double>(held.labels.size());
    return std::exp(count / (count + 20) * std::log(fitted_temperature(held.logits, held.labels, classes)));
}

}  // namespace

Lesson::Lesson(const MotionSet& motions, std::span<const Sample> samples, int classes, const Learner& learner,
               const LearningOptions& options, std::uint64_t seed)
    : motions_(motions), classes_(classes), learner_(learner), options_(options), seed_(seed) {
    for (const Sample& sample : samples) {
        labels_.push_back(sample.weight > 0 ? sample.label : -1);
        weights_.push_back(static_cast<float>(sample.weight));
    }
}

double Lesson::share_right(const std::shared_ptr<const TrainedNetwork>& network, const std::stop_token& stop) const {
    const MotionClassifier probe{network, classes_, {}, options_.threads};
    const auto seen = probe.whole(watched->motions, stop);
    if (!seen) return 0;
    const HeldOut rows{seen->logits, watched->labels};
    return static_cast<double>(rows.right(classes_)) / static_cast<double>(rows.labels.size());
}

TrainingSet Lesson::labelled_set(std::span<const int> labels) const {
    TrainingSet set;
    set.classes = classes_;
    for (std::size_t sample = 0; sample < labels.size(); ++sample) {
        if (labels[sample] < 0) continue;
        set.samples.push_back(sample);
        set.weights.push_back(weights_[sample]);
        set.targets.resize(set.samples.size() * static_cast<std::size_t>(classes_), 0.0F);
        *(set.targets.end() - classes_ + labels[sample]) = 1;
    }
    return set;
}

std::optional<Training> Lesson::run(const TrainingSet& set, const LearningOptions& options, std::uint64_t salt,
                                    const std::stop_token& stop) {
    const std::size_t number = trainings_++;
    const TrainingState* const before = log == nullptr ? nullptr : log->of(number);
    if (before != nullptr) done_ += step_of(*before);
    const auto after_step = [&](int step, const BatchLoss& loss, const TrainingAtWork& training) {
        ++done_;
        if (done_ % steps_a_report == 0 || done_ == options_.steps) tell(loss, training, stop);
        if (log != nullptr && (step + 1 == options.steps || log->is_due())) log->keep(number, training.state(), curve_);
    };
    auto training =
        learner_.train(motions_, set, options, seed_ * 0x9E3779B97F4A7C15U + salt, after_step, before, stop);
    if (training && training->broken && !broken_) broken_ = {done_ + 1, training->broken->sample};
    return training;
}

// A point of the curve, to whoever wants it.
void Lesson::tell(const BatchLoss& loss, const TrainingAtWork& training, const std::stop_token& stop) {
    const int steps_a_look = std::max(1, options_.steps / looks / steps_a_report) * steps_a_report;
    TrainProgress progress{
        done_, options_.steps, {{"total", loss.total}, {"dice", loss.dice}, {"cross_entropy", loss.cross_entropy}}};
    if (watched != nullptr && (done_ % steps_a_look == 0 || done_ == options_.steps))
        progress.losses["validation_accuracy"] = share_right(training.average(), stop);
    curve_.push_back(progress);
    if (report) report(progress);
}

std::optional<MotionClassifier> Lesson::taught(std::span<const int> labels, int steps, std::uint64_t salt,
                                               const std::stop_token& stop) {
    LearningOptions options = options_;
    options.steps = steps;
    auto training = run(labelled_set(labels), options, salt, stop);
    if (!training) return std::nullopt;
    late_losses_ = std::move(training->late_losses);
    std::vector<const PreparedMotion*> all;
    for (std::size_t i = 0; i < motions_.size(); ++i) all.push_back(&motions_.motion(i));
    auto known = nearest_motions(all, labels, classes_, options_.threads, stop);
    if (!known) return std::nullopt;
    return MotionClassifier{std::move(training->network), classes_, std::move(*known), options_.threads};
}

std::optional<MotionClassifier> Lesson::self_taught(MotionClassifier teacher, std::span<const int> labels, int steps,
                                                    std::uint64_t salt, const std::stop_token& stop) {
    const auto seen = teacher.whole(motions_, stop);
    if (!seen) return std::nullopt;
    const auto fused = teacher.fused(motions_, seen->logits, stop);
    if (!fused) return std::nullopt;
    const PseudoLabels sure = pseudo_labels(softmax(*fused, classes_), labels, classes_);
    TrainingSet set = labelled_set(labels);
    set.drawing = Drawing::by_weight;
    const std::size_t labelled = set.samples.size();
    for (std::size_t i = 0; i < sure.rows.size(); ++i) {
        // Only what nobody has labelled: neither the samples at hand nor the held-out ones.
        if (labels_[sure.rows[i]] >= 0 || motions_.motion(sure.rows[i]).dead) continue;
        set.samples.push_back(sure.rows[i]);
        set.weights.push_back(sure.confidence[i]);
        const auto row = sure.targets.begin() + static_cast<std::ptrdiff_t>(i) * classes_;
        set.targets.insert(set.targets.end(), row, row + classes_);
    }
    if (set.samples.size() == labelled) return taught(labels, steps, salt, stop);
    LearningOptions options = options_;
    options.steps = steps;
    options.loss.dice = 0;
    options.ohem_keep = 1;
    auto training = run(set, options, salt, stop);
    if (!training) return std::nullopt;
    teacher.network = std::move(training->network);
    return teacher;
}

std::optional<Lesson::Rehearsal> Lesson::rehearse(int steps, Unlabelled unlabelled, const std::stop_token& stop) {
    Rehearsal rehearsal;
    const std::vector<std::size_t> held = held_out(labels_, classes_, seed_);
    if (held.empty()) return rehearsal;
    rehearsal.semi_supervised = unlabelled == Unlabelled::learn_from;
    std::vector<int> labels = labels_;
    for (const std::size_t sample : held) labels[sample] = -1;
    const int each = rehearsal.semi_supervised ? steps / 2 : steps;
    auto alone = taught(labels, each, 1, stop);
    if (!alone) return std::nullopt;
    const auto seen = alone->whole(motions_, stop);
    if (!seen) return std::nullopt;
    const HeldOut without = rows_of(seen->logits, held, labels_, classes_);
    auto fused = alone->fused(motions_, seen->logits, stop);
    if (!fused) return std::nullopt;
    rehearsal.metrics = {
        {"held_out", static_cast<double>(held.size())},
        {"held_out_supervised", static_cast<double>(without.right(classes_)) / static_cast<double>(held.size())}};
    if (rehearsal.semi_supervised) {
        const auto together = self_taught(std::move(*alone), labels, steps - each, 2, stop);
        if (!together) return std::nullopt;
        const auto seen_with = together->whole(motions_, stop);
        if (!seen_with) return std::nullopt;
        const HeldOut with = rows_of(seen_with->logits, held, labels_, classes_);
        rehearsal.semi_supervised = helps(without.right(classes_), with.right(classes_), held.size());
        rehearsal.metrics["held_out_semi_supervised"] =
            static_cast<double>(with.right(classes_)) / static_cast<double>(held.size());
        if (rehearsal.semi_supervised) fused = together->fused(motions_, seen_with->logits, stop);
        if (!fused) return std::nullopt;
    }
    rehearsal.temperature = careful_temperature(rows_of(*fused, held, labels_, classes_), classes_);
    return rehearsal;
}

std::vector<std::size_t> Lesson::hardest_to_learn(const TrainingSet& set) const {
    std::vector<std::size_t> samples;
    for (const std::size_t place : hardest(late_losses_, {.keep = 0, .suspicious = suspicious_share}).suspicious)
        samples.push_back(set.samples[place]);
    return samples;
}

std::optional<Learnt> Lesson::learn(Unlabelled unlabelled, const std::stop_token& stop) {
    if (log != nullptr) curve_ = log->curve();
    const std::size_t labelled = count_labelled(labels_);
    if (labelled == labels_.size()) unlabelled = Unlabelled::ignore;
    const int for_rehearsal = static_cast<int>(rehearsal_share * options_.steps);
    Rehearsal rehearsal;
    if (for_rehearsal >= 2) {
        auto rehearsed = rehearse(for_rehearsal, unlabelled, stop);
        if (!rehearsed) return std::nullopt;
        rehearsal = std::move(*rehearsed);
    }
    const int left = options_.steps - done_;
    const int first = rehearsal.semi_supervised ? std::max(1, static_cast<int>(first_share * left)) : left;
    auto classifier = taught(labels_, first, 3, stop);
    if (!classifier) return std::nullopt;
    const std::vector<std::size_t> suspected = hardest_to_learn(labelled_set(labels_));
    if (rehearsal.semi_supervised && left > first) {
        classifier = self_taught(std::move(*classifier), labels_, left - first, 4, stop);
        if (!classifier) return std::nullopt;
    }
    rehearsal.metrics["labelled"] = static_cast<double>(labelled);
    rehearsal.metrics["semi_supervised"] = rehearsal.semi_supervised ? 1 : 0;
    rehearsal.metrics["temperature"] = rehearsal.temperature;
    return Learnt{std::move(*classifier),
                  rehearsal.temperature,
                  std::move(rehearsal.metrics),
                  std::move(curve_),
                  broken_,
                  suspected};
}

}  // namespace inference
