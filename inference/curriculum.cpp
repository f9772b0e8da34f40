#include "inference/curriculum.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <numeric>

#include "inference/hard_examples.h"

namespace inference {

Curriculum::Curriculum(const TrainingSet& set, const LearningOptions& options, Random& random)
    : set_(set),
      options_(options),
      random_(random),
      loss_sums_(set.samples.size()),
      loss_counts_(set.samples.size()) {
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
    if (queue_.empty()) queue_ = random_.permutation(set_.samples.size());
    const std::size_t example = queue_.back();
    queue_.pop_back();
    return example;
}

std::size_t Curriculum::by_weight() {
    const auto found = std::ranges::upper_bound(sums_, random_.uniform(0, sums_.back()));
    return std::min(static_cast<std::size_t>(found - sums_.begin()), sums_.size() - 1);
}

double Curriculum::rate(int step) const {
    const double done = static_cast<double>(step) / options_.steps;
    if (done < options_.warm_up) return options_.rate * std::min(1.0, (step + 1) / (options_.warm_up * options_.steps));
    return options_.rate * 0.5 * (1 + std::cos(std::numbers::pi * (done - options_.warm_up) / (1 - options_.warm_up)));
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
        loss_sums_[batch[i]] += losses[i];
        ++loss_counts_[batch[i]];
    }
}

BatchLoss Curriculum::loss(int step, std::span<const float> logits, std::span<const std::size_t> batch) {
    const auto width = static_cast<std::ptrdiff_t>(set_.classes);
    std::vector<float> targets;
    std::vector<float> weights;
    for (const std::size_t example : batch) {
        const auto row = set_.targets.begin() + static_cast<std::ptrdiff_t>(example) * width;
        targets.insert(targets.end(), row, row + width);
        weights.push_back(set_.drawing == Drawing::in_turn ? set_.weights[example] : 1.0F);
    }
    const std::vector<float> losses = cross_entropies(logits, targets, set_.classes, options_.loss.label_smoothing);
    remember(step, batch, losses);
    return dice_cross_entropy(logits, targets, set_.classes, weights, learnt_from(step, losses), options_.loss);
}

std::vector<float> Curriculum::late_losses() const {
    std::vector<float> late(loss_sums_.size());
    for (std::size_t i = 0; i < late.size(); ++i)
        late[i] = loss_counts_[i] == 0 ? 0.0F : loss_sums_[i] / static_cast<float>(loss_counts_[i]);
    return late;
}

}  // namespace inference
