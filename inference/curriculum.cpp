#include "inference/curriculum.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>
#include <numeric>
#include <stdexcept>

#include "inference/hard_examples.h"

namespace inference {

std::size_t least_sound_row(std::span<const float> logits, int classes) {
    const auto size_of = [](float value) {
        return std::isfinite(value) ? std::abs(value) : std::numeric_limits<float>::infinity();
    };
    const auto largest = std::ranges::max_element(logits, {}, size_of);
    return static_cast<std::size_t>(largest - logits.begin()) / static_cast<std::size_t>(classes);
}

std::vector<float> balanced_weights(const TrainingSet& set, double most) {
    const auto width = static_cast<std::size_t>(set.classes);
    std::vector<double> of_class(width);
    for (std::size_t i = 0; i < set.targets.size(); ++i)
        of_class[i % width] += static_cast<double>(set.weights[i / width]) * static_cast<double>(set.targets[i]);
    std::vector<double> balanced(set.weights.size());
    double sum = 0;
    for (std::size_t i = 0; i < set.targets.size(); ++i) {
        if (of_class[i % width] <= 0) continue;
        const double part = static_cast<double>(set.weights[i / width]) * static_cast<double>(set.targets[i]);
        balanced[i / width] += part / of_class[i % width];
    }
    for (const double weight : balanced) sum += weight;
    const double mean = sum / static_cast<double>(std::max<std::size_t>(1, balanced.size()));
    std::vector<float> weights;
    for (const double weight : balanced)
        weights.push_back(mean > 0 ? static_cast<float>(std::min(most, weight / mean)) : 0.0F);
    return weights;
}

Curriculum::Curriculum(const TrainingSet& set, const LearningOptions& options, Random& random)
    : set_(set),
      options_(options),
      random_(random),
      state_{{}, std::vector<float>(set.samples.size()), std::vector<int>(set.samples.size())} {
    double sum = 0;
    for (const float weight : set.weights) sums_.push_back(sum += static_cast<double>(weight));
}

std::vector<std::size_t> Curriculum::batch() {
    std::vector<std::size_t> examples;
    while (examples.size() < static_cast<std::size_t>(options_.batch))
        examples.push_back(set_.drawing == Drawing::in_turn ? in_turn() : by_weight());
    return examples;
}

std::size_t Curriculum::in_turn() {
    if (state_.queue.empty()) state_.queue = random_.permutation(set_.samples.size());
    const std::size_t example = state_.queue.back();
    state_.queue.pop_back();
    return example;
}

std::size_t Curriculum::by_weight() {
    const auto found = std::ranges::upper_bound(sums_, random_.uniform(0, sums_.back()));
    return std::min(static_cast<std::size_t>(found - sums_.begin()), sums_.size() - 1);
}

double scheduled_rate(const LearningOptions& options, int step) {
    const double done = static_cast<double>(step) / options.steps;
    if (done < options.warm_up) return options.rate * std::min(1.0, (step + 1) / (options.warm_up * options.steps));
    return options.rate * 0.5 * (1 + std::cos(std::numbers::pi * (done - options.warm_up) / (1 - options.warm_up)));
}

std::vector<std::size_t> Curriculum::learnt_from(int step, std::span<const float> losses) const {
    if (step > options_.ohem_from * options_.steps && options_.ohem_keep < 1)
        return hardest(losses, {.keep = options_.ohem_keep, .suspicious = 0}).kept;
    std::vector<std::size_t> all(losses.size());
    std::iota(all.begin(), all.end(), std::size_t{0});
    return all;
}

void Curriculum::remember(int step, std::span<const std::size_t> batch, std::span<const float> losses) {
    if (step < options_.steps * 4 / 5) return;
    for (std::size_t i = 0; i < batch.size(); ++i) {
        state_.loss_sums[batch[i]] += losses[i];
        ++state_.loss_counts[batch[i]];
    }
}

BatchLoss Curriculum::loss(int step, std::span<const float> logits, std::span<const std::size_t> batch,
                           std::span<const Side> sides) {
    const auto width = static_cast<std::ptrdiff_t>(set_.classes);
    std::vector<float> targets;
    std::vector<float> weights;
    for (const std::size_t example : batch) {
        const auto row = set_.targets.begin() + static_cast<std::ptrdiff_t>(example) * width;
        targets.insert(targets.end(), row, row + width);
        if (!sides.empty() && sides[weights.size()] == Side::mirrored)
            mirror_labels(std::span(targets).last(static_cast<std::size_t>(width)), set_.mirrored_labels);
        weights.push_back(set_.drawing == Drawing::in_turn ? set_.weights[example] : 1.0F);
    }
    const std::vector<float> losses = cross_entropies(logits, targets, set_.classes, options_.loss.label_smoothing);
    remember(step, batch, losses);
    return dice_cross_entropy(logits, targets, set_.classes, weights, learnt_from(step, losses), options_.loss);
}

void Curriculum::go_on_from(State state) {
    const std::size_t examples = set_.samples.size();
    const bool fits = state.loss_sums.size() == examples && state.loss_counts.size() == examples &&
                      std::ranges::all_of(state.queue, [&](std::size_t example) { return example < examples; });
    if (!fits) throw std::invalid_argument("this is the state of a training on other examples");
    state_ = std::move(state);
}

std::vector<float> Curriculum::late_losses() const {
    std::vector<float> late(state_.loss_sums.size());
    for (std::size_t i = 0; i < late.size(); ++i)
        late[i] = state_.loss_counts[i] == 0 ? 0.0F : state_.loss_sums[i] / static_cast<float>(state_.loss_counts[i]);
    return late;
}

}  // namespace inference
