#include "inference/torch/lesson.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <set>

#include "inference/calibration.h"
#include "inference/early_stopping.h"
#include "inference/hard_examples.h"
#include "inference/metrics.h"
#include "inference/parallel.h"
#include "inference/pseudo_labels.h"

namespace inference {

namespace {

constexpr int steps_a_report = 10;
constexpr int looks = 30;  // at what is watched
constexpr double rehearsal_share = 1.0 / 6;
constexpr double rehearsal_share_with_teacher = 1.0 / 3;
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

TrainingSet Lesson::labelled_set(std::span<const int> labels) const {
    TrainingSet set;
    set.classes = classes_;
    set.mirrored_labels = mirrored_labels;
    for (std::size_t sample = 0; sample < labels.size(); ++sample) {
        if (labels[sample] < 0) continue;
        set.samples.push_back(sample);
        set.weights.push_back(weights_[sample]);
        set.targets.resize(set.samples.size() * static_cast<std::size_t>(classes_), 0.0F);
        *(set.targets.end() - classes_ + labels[sample]) = 1;
    }
    return set;
}

void Lesson::balance(TrainingSet& set) const {
    if (options_.balance == Balance::as_labelled) return;
    set.weights = balanced_weights(set);
    set.drawing = Drawing::by_weight;
}

// What nobody has labelled, not even the held-out ones.
Untaught Lesson::untaught(const NearestMotions& known, std::span<const int> labels) const {
    Untaught untaught;
    for (std::size_t sample = 0; sample < labels_.size(); ++sample)
        if (labels_[sample] < 0 && !motions_.motion(sample).dead) untaught.samples.push_back(sample);
    const std::set<int> classes(labels.begin(), labels.end());
    const auto labelled = static_cast<double>(count_labelled(labels));
    untaught.labels_a_class = labelled / static_cast<double>(classes.size() - (classes.contains(-1) ? 1 : 0));
    if (!options_.teaching->ask_nearest || known.size() == 0) return untaught;
    const auto width = static_cast<std::size_t>(classes_);
    untaught.nearest.resize(untaught.samples.size() * width);
    for_each_index(untaught.samples.size(), options_.threads, {}, [&](std::size_t place) {
        const PreparedMotion& motion = motions_.motion(untaught.samples[place]);
        const auto near = known.log_probabilities(warping_features(motion, NearestMotions::frames));
        std::ranges::copy(near, untaught.nearest.begin() + static_cast<std::ptrdiff_t>(place * width));
    });
    return untaught;
}

std::vector<int> Lesson::answers(const std::shared_ptr<const TrainedNetwork>& network, const MotionSet& motions,
                                 const std::stop_token& stop) const {
    const MotionClassifier probe{network, classes_, {}, options_.threads};
    const auto seen = probe.whole(motions, stop);
    std::vector<int> best;
    const auto width = static_cast<std::size_t>(classes_);
    for (std::size_t sample = 0; seen && sample < motions.size(); ++sample) {
        const auto row = std::span(seen->logits).subspan(sample * width, width);
        best.push_back(static_cast<int>(std::ranges::max_element(row) - row.begin()));
    }
    return best;
}

std::optional<Lesson::Sight> Lesson::sight(const TrainingAtWork& training, const std::stop_token& stop) const {
    const int steps_a_look = std::max(1, options_.steps / looks / steps_a_report) * steps_a_report;
    if (watched == nullptr || (done_ % steps_a_look != 0 && done_ != options_.steps)) return std::nullopt;
    const std::vector<int> said = answers(training.average(), watched->motions, stop);
    if (said.empty()) return std::nullopt;
    const ClassificationReport measured = classification_report(watched->labels, said, classes_);
    return Sight{measured.accuracy, measured.macro.f1};
}

// A point of the curve, to whoever wants it.
void Lesson::tell(const BatchLoss& loss, const std::optional<Sight>& sight) {
    TrainProgress progress{
        done_, options_.steps, {{"total", loss.total}, {"dice", loss.dice}, {"cross_entropy", loss.cross_entropy}}};
    if (loss.unlabelled > 0) {
        progress.losses["unlabelled"] = loss.unlabelled;
        progress.losses["sure"] = loss.sure;
    }
    if (sight) {
        progress.losses["validation_accuracy"] = sight->accuracy;
        progress.losses["validation_macro_f1"] = sight->macro_f1;
    }
    curve_.push_back(progress);
    if (report) report(progress);
}

// Asks for what is held out at each tenth.
bool Lesson::is_harmful(const LearningOptions& options, int step, const TrainingAtWork& training,
                        const std::stop_token& stop) {
    const auto tenth = [&](int steps) { return steps * 10 / options.steps; };
    if (tenth(step + 1) == tenth(step)) return false;
    const std::vector<int> said = answers(training.average(), guard_->motions, stop);
    if (said.empty()) return false;
    std::vector<int>& rights = guard_->rights_of(options);
    rights.push_back(0);
    for (std::size_t i = 0; i < said.size(); ++i) rights.back() += said[i] == guard_->labels[i] ? 1 : 0;
    const auto is_worse = [&](std::size_t look) {
        return look < guard_->without.size() && !helps(static_cast<std::size_t>(guard_->without[look]),
                                                       static_cast<std::size_t>(rights[look]), guard_->labels.size());
    };
    return options.teaching && rights.size() > 1 && is_worse(rights.size() - 1) && is_worse(rights.size() - 2);
}

std::optional<Training> Lesson::run(const TrainingSet& set, LearningOptions options, const Plan& plan,
                                    const std::stop_token& stop) {
    options.steps = plan.steps;
    options.beginning = plan.part == Plan::Part::rest ? beginning : rehearsal_beginning;
    if (plan.part == Plan::Part::rehearsal || watched == nullptr) options.patience = 0;
    EarlyStopping stopping(options.patience, static_cast<int>(std::ceil(options.patience_from * plan.steps)));
    const std::size_t number = trainings_++;
    const int begun_at = done_;
    const TrainingState* const before = log == nullptr ? nullptr : log->of(number);
    if (before != nullptr) {
        done_ += step_of(*before);
        go_on_from(*before, stopping);
        if (guard_) guard_->rights_of(options) = numbers_in(*before, "right_at_tenths");
    }
    const auto after_step = [&](int step, const BatchLoss& loss, TrainingAtWork& training) {
        ++done_;
        Going going = Going::on;
        const auto seen = sight(training, stop);
        if (seen && options.patience > 0) {
            const EarlyStopping::Verdict verdict = stopping.look(step + 1, seen->macro_f1);
            if (verdict.best) training.keep_as_best();
            if (verdict.stop) going = Going::to_end;
        }
        if (guard_ && is_harmful(options, step, training, stop)) going = Going::to_end;
        if (stop.stop_requested()) return Going::on;  // what was to be looked at was not
        if (done_ % steps_a_report == 0 || done_ == options_.steps) tell(loss, seen);
        const bool is_last = going == Going::to_end || step + 1 == plan.steps;
        if (log != nullptr && (is_last || log->is_due())) {
            TrainingState state = training.state();
            add(state, stopping);
            if (guard_) add(state, "right_at_tenths", guard_->rights_of(options));
            if (going == Going::to_end) mark_ended(state);
            log->keep(number, std::move(state), curve_);
        }
        return going;
    };
    auto training =
        learner_.train(motions_, set, options, seed_ * 0x9E3779B97F4A7C15U + plan.salt, after_step, before, stop);
    if (training && training->broken && !broken_) broken_ = {done_ + 1, training->broken->sample};
    if (options.patience > 0) {
        early_stops_["ended_at"] = done_;
        const EarlyStopping::State& best = stopping.state();
        early_stops_["best_step"] = best.best < 0 ? done_ : begun_at + best.best_step;
        if (best.best >= 0) early_stops_["best_macro_f1"] = best.best;
    }
    return training;
}

std::optional<MotionClassifier> Lesson::taught(std::span<const int> labels, const Plan& plan, Unlabelled unlabelled,
                                               const std::stop_token& stop) {
    std::vector<const PreparedMotion*> all;
    for (std::size_t i = 0; i < motions_.size(); ++i) all.push_back(&motions_.motion(i));
    auto known = nearest_motions(all, labels, classes_, options_.threads, stop);
    if (!known) return std::nullopt;
    TrainingSet set = labelled_set(labels);
    balance(set);
    LearningOptions options = options_;
    if (unlabelled == Unlabelled::with_teacher)
        set.untaught = untaught(*known, labels);
    else
        options.teaching.reset();
    auto training = run(set, options, plan, stop);
    if (!training) return std::nullopt;
    late_losses_ = std::move(training->late_losses);
    return MotionClassifier{std::move(training->network), classes_, std::move(*known), options_.threads};
}

std::optional<MotionClassifier> Lesson::self_taught(MotionClassifier teacher, std::span<const int> labels,
                                                    const Plan& plan, const std::stop_token& stop) {
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
    if (set.samples.size() == labelled) return taught(labels, plan, Unlabelled::ignore, stop);
    balance(set);
    LearningOptions options = options_;
    options.teaching.reset();
    options.loss.dice = 0;
    options.loss.cross_entropy = 1;
    options.ohem_keep = 1;
    auto training = run(set, options, plan, stop);
    if (!training) return std::nullopt;
    teacher.network = std::move(training->network);
    return teacher;
}

std::optional<Lesson::Rehearsal> Lesson::rehearse(int steps, Unlabelled unlabelled, const std::stop_token& stop) {
    Rehearsal rehearsal;
    const std::vector<std::size_t> held = held_out(labels_, classes_, seed_);
    if (held.empty()) return rehearsal;
    rehearsal.semi_supervised = unlabelled != Unlabelled::ignore;
    const bool has_teacher = unlabelled == Unlabelled::with_teacher;
    std::vector<int> labels = labels_;
    for (const std::size_t sample : held) labels[sample] = -1;
    if (has_teacher) {
        guard_.emplace(Guard{motions_.part(held), {}, {}, {}});
        for (const std::size_t sample : held) guard_->labels.push_back(labels_[sample]);
    }
    const int each = rehearsal.semi_supervised ? steps / 2 : steps;
    auto alone = taught(labels, {each, 1, Plan::Part::rehearsal}, Unlabelled::ignore, stop);
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
        const Plan plan{steps - each, 2, Plan::Part::rehearsal};
        const int begun_at = done_;
        const auto together = has_teacher ? taught(labels, plan, Unlabelled::with_teacher, stop)
                                          : self_taught(std::move(*alone), labels, plan, stop);
        if (!together) return std::nullopt;
        guard_.reset();
        const auto seen_with = together->whole(motions_, stop);
        if (!seen_with) return std::nullopt;
        const HeldOut with = rows_of(seen_with->logits, held, labels_, classes_);
        const bool was_ended = !broken_ && done_ - begun_at < plan.steps;
        rehearsal.semi_supervised = !was_ended && helps(without.right(classes_), with.right(classes_), held.size());
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
    // None was measured where training ended before its last fifth.
    if (std::ranges::all_of(late_losses_, [](float loss) { return loss == 0; })) return samples;
    for (const std::size_t place : hardest(late_losses_, {.keep = 0, .suspicious = suspicious_share}).suspicious)
        samples.push_back(set.samples[place]);
    return samples;
}

std::optional<Learnt> Lesson::learn(Unlabelled unlabelled, const std::stop_token& stop) {
    if (log != nullptr) curve_ = log->curve();
    const std::size_t labelled = count_labelled(labels_);
    if (labelled == labels_.size()) unlabelled = Unlabelled::ignore;
    const double share = unlabelled == Unlabelled::with_teacher ? rehearsal_share_with_teacher : rehearsal_share;
    const int for_rehearsal = static_cast<int>(share * options_.steps);
    Rehearsal rehearsal;
    if (for_rehearsal >= 2) {
        auto rehearsed = rehearse(for_rehearsal, unlabelled, stop);
        if (!rehearsed) return std::nullopt;
        rehearsal = std::move(*rehearsed);
    }
    const int left = options_.steps - done_;
    if (!rehearsal.semi_supervised) unlabelled = Unlabelled::ignore;
    const bool in_stages = unlabelled == Unlabelled::in_two_stages;
    const int first = in_stages ? std::max(1, static_cast<int>(first_share * left)) : left;
    auto classifier = taught(labels_, {first, 3, Plan::Part::rest}, unlabelled, stop);
    if (!classifier) return std::nullopt;
    const std::vector<std::size_t> suspected = hardest_to_learn(labelled_set(labels_));
    if (in_stages && left > first) {
        classifier = self_taught(std::move(*classifier), labels_, {left - first, 4, Plan::Part::rest}, stop);
        if (!classifier) return std::nullopt;
    }
    rehearsal.metrics.merge(early_stops_);
    rehearsal.metrics["teacher"] = unlabelled == Unlabelled::with_teacher ? 1 : 0;
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
