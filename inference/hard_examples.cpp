#include "inference/hard_examples.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace inference {

OhemChoice hardest(std::span<const float> losses, const OhemOptions& options) {
    std::vector<std::size_t> order(losses.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::ranges::stable_sort(order, [losses](std::size_t a, std::size_t b) { return losses[a] > losses[b]; });
    const auto count = static_cast<double>(losses.size());
    const auto dropped = std::min(static_cast<std::size_t>(options.suspicious * count), losses.size());
    const auto wanted = static_cast<std::size_t>(std::ceil(options.keep * count));
    const std::size_t kept =
        std::clamp(wanted, std::min<std::size_t>(1, losses.size() - dropped), losses.size() - dropped);
    OhemChoice choice;
    choice.suspicious.assign(order.begin(), order.begin() + static_cast<std::ptrdiff_t>(dropped));
    choice.kept.assign(order.begin() + static_cast<std::ptrdiff_t>(dropped),
                       order.begin() + static_cast<std::ptrdiff_t>(dropped + kept));
    std::ranges::sort(choice.suspicious);
    std::ranges::sort(choice.kept);
    return choice;
}

double entropy(std::span<const float> probabilities) {
    double sum = 0;
    for (const float p : probabilities)
        if (p > 0) sum -= static_cast<double>(p) * std::log(static_cast<double>(p));
    return sum;
}

double margin(std::span<const float> probabilities) {
    float best = 0;
    float second = 0;
    for (const float p : probabilities) {
        second = std::max(second, std::min(best, p));
        best = std::max(best, p);
    }
    return static_cast<double>(best - second);
}

std::vector<double> correction_weights(std::span<const double> losses) {
    const double total = std::accumulate(losses.begin(), losses.end(), 0.0);
    std::vector<double> weights(losses.size(), 1.0);
    if (total <= 0) return weights;
    const double mean = total / static_cast<double>(losses.size());
    for (std::size_t i = 0; i < losses.size(); ++i) weights[i] += losses[i] / mean;
    return weights;
}

}  // namespace inference
