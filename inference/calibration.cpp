#include "inference/calibration.h"

#include <algorithm>
#include <cmath>

namespace inference {

namespace {

double mean_cross_entropy(std::span<const float> logits, std::span<const int> labels, std::size_t classes,
                          double temperature) {
    double total = 0;
    for (std::size_t sample = 0; sample < labels.size(); ++sample) {
        const auto row = logits.subspan(sample * classes, classes);
        const double largest = *std::ranges::max_element(row);
        double sum = 0;
        for (const float logit : row) sum += std::exp((logit - largest) / temperature);
        total += std::log(sum) - (row[static_cast<std::size_t>(labels[sample])] - largest) / temperature;
    }
    return total / static_cast<double>(labels.size());
}

}  // namespace

double fitted_temperature(std::span<const float> logits, std::span<const int> labels, int classes) {
    if (labels.empty() || classes < 2) return 1;
    const auto loss = [&](double log_temperature) {
        return mean_cross_entropy(logits, labels, static_cast<std::size_t>(classes), std::exp(log_temperature));
    };
    // The loss is unimodal in the temperature: golden-section search over its logarithm.
    constexpr double golden = 0.6180339887498949;
    double low = std::log(0.25);
    double high = std::log(8.0);
    while (high - low > 1e-3) {
        const double left = high - golden * (high - low);
        const double right = low + golden * (high - low);
        (loss(left) < loss(right) ? high : low) = loss(left) < loss(right) ? right : left;
    }
    return std::exp((low + high) / 2);
}

std::vector<float> softmax(std::span<const float> logits, int classes, double temperature) {
    std::vector<float> probabilities(logits.size());
    const auto width = static_cast<std::size_t>(classes);
    for (std::size_t begin = 0; begin < logits.size(); begin += width) {
        const auto row = logits.subspan(begin, width);
        const double largest = *std::ranges::max_element(row);
        double sum = 0;
        for (const float logit : row) sum += std::exp((logit - largest) / temperature);
        for (std::size_t c = 0; c < width; ++c)
            probabilities[begin + c] = static_cast<float>(std::exp((row[c] - largest) / temperature) / sum);
    }
    return probabilities;
}

}  // namespace inference
