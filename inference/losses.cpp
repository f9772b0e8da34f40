#include "inference/losses.h"

#include <algorithm>
#include <cmath>

#include "inference/calibration.h"

namespace inference {

namespace {

constexpr double dice_floor = 1e-3;

// Adds the gradient by the logits of one row to `gradient`, given that by its probabilities.
void add_through_softmax(std::span<const float> p, std::span<const double> by_probability, std::span<float> gradient) {
    double mean = 0;
    for (std::size_t c = 0; c < p.size(); ++c) mean += static_cast<double>(p[c]) * by_probability[c];
    for (std::size_t c = 0; c < p.size(); ++c)
        gradient[c] += static_cast<float>(static_cast<double>(p[c]) * (by_probability[c] - mean));
}

double smoothed(float target, double smoothing, std::size_t classes) {
    return static_cast<double>(target) * (1 - smoothing) + smoothing / static_cast<double>(classes);
}

struct DiceSums {
    std::vector<double> shared, whole;
    std::vector<std::size_t> present;
};

DiceSums dice_sums(std::span<const float> p, std::span<const float> targets, std::size_t classes,
                   std::span<const float> weights, std::span<const std::size_t> kept) {
    DiceSums sums{std::vector<double>(classes), std::vector<double>(classes), {}};
    for (const std::size_t row : kept)
        for (std::size_t c = 0; c < classes; ++c) {
            const auto predicted = static_cast<double>(p[row * classes + c]);
            const auto target = static_cast<double>(targets[row * classes + c]);
            const auto weight = static_cast<double>(weights[row]);
            sums.shared[c] += weight * predicted * target;
            sums.whole[c] += weight * (predicted * predicted + target * target);
        }
    for (std::size_t c = 0; c < classes; ++c)
        if (std::ranges::any_of(kept, [&](std::size_t row) { return targets[row * classes + c] > 0; }))
            sums.present.push_back(c);
    return sums;
}

// Adds the Dice part to loss and gradient.
void add_dice(std::span<const float> p, std::span<const float> targets, std::size_t classes,
              std::span<const float> weights, std::span<const std::size_t> kept, double share, BatchLoss& loss) {
    const DiceSums sums = dice_sums(p, targets, classes, weights, kept);
    if (sums.present.empty()) return;
    const auto count = static_cast<double>(sums.present.size());
    for (const std::size_t c : sums.present)
        loss.dice += (1 - (2 * sums.shared[c] + dice_floor) / (sums.whole[c] + dice_floor)) / count;
    std::vector<double> by_probability(classes);
    for (const std::size_t row : kept) {
        std::ranges::fill(by_probability, 0.0);
        for (const std::size_t c : sums.present) {
            const double whole = sums.whole[c] + dice_floor;
            const double top = 2 * sums.shared[c] + dice_floor;
            const auto target = static_cast<double>(targets[row * classes + c]);
            const auto predicted = static_cast<double>(p[row * classes + c]);
            by_probability[c] = -share / count * static_cast<double>(weights[row]) *
                                (2 * target * whole - top * 2 * predicted) / (whole * whole);
        }
        add_through_softmax(p.subspan(row * classes, classes), by_probability,
                            std::span(loss.gradient).subspan(row * classes, classes));
    }
    loss.total += share * loss.dice;
}

void add_cross_entropy(std::span<const float> p, std::span<const float> targets, std::size_t classes,
                       std::span<const float> weights, std::span<const std::size_t> kept, double share,
                       double smoothing, BatchLoss& loss) {
    double whole = 0;
    for (const std::size_t row : kept) whole += static_cast<double>(weights[row]);
    if (whole <= 0) return;
    for (const std::size_t row : kept) {
        const double part = static_cast<double>(weights[row]) / whole;
        loss.cross_entropy += part * static_cast<double>(loss.per_sample[row]);
        for (std::size_t c = 0; c < classes; ++c) {
            const double target = smoothed(targets[row * classes + c], smoothing, classes);
            loss.gradient[row * classes + c] +=
                static_cast<float>(share * part * (static_cast<double>(p[row * classes + c]) - target));
        }
    }
    loss.total += share * loss.cross_entropy;
}

}  // namespace

std::vector<float> cross_entropies(std::span<const float> logits, std::span<const float> targets, int classes,
                                   double label_smoothing) {
    const auto width = static_cast<std::size_t>(classes);
    std::vector<float> losses(logits.size() / width);
    for (std::size_t row = 0; row < losses.size(); ++row) {
        const auto of_row = logits.subspan(row * width, width);
        const double largest = *std::ranges::max_element(of_row);
        double sum = 0;
        for (const float logit : of_row) sum += std::exp(static_cast<double>(logit) - largest);
        double loss = 0;
        for (std::size_t c = 0; c < width; ++c)
            loss -= smoothed(targets[row * width + c], label_smoothing, width) *
                    (static_cast<double>(of_row[c]) - largest - std::log(sum));
        losses[row] = static_cast<float>(loss);
    }
    return losses;
}

BatchLoss dice_cross_entropy(std::span<const float> logits, std::span<const float> targets, int classes,
                             std::span<const float> weights, std::span<const std::size_t> kept,
                             const LossOptions& options) {
    const auto width = static_cast<std::size_t>(classes);
    const std::vector<float> p = softmax(logits, classes);
    const double whole = options.dice + options.cross_entropy;
    BatchLoss loss;
    loss.gradient.assign(logits.size(), 0.0F);
    loss.per_sample = cross_entropies(logits, targets, classes, options.label_smoothing);
    if (options.dice > 0) add_dice(p, targets, width, weights, kept, options.dice / whole, loss);
    add_cross_entropy(p, targets, width, weights, kept, options.cross_entropy / whole, options.label_smoothing, loss);
    return loss;
}

}  // namespace inference
