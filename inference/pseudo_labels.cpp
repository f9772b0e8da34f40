#include "inference/pseudo_labels.h"

#include <algorithm>

#include "inference/random.h"

namespace inference {

namespace {

void align(std::vector<float>& probabilities, std::span<const int> labels, std::size_t classes) {
    std::vector<double> said(classes, 1e-6);
    std::vector<double> labelled(classes, 1e-6);
    for (std::size_t i = 0; i < probabilities.size(); ++i) said[i % classes] += static_cast<double>(probabilities[i]);
    for (const int label : labels)
        if (label >= 0) labelled[static_cast<std::size_t>(label)] += 1;
    for (std::size_t begin = 0; begin < probabilities.size(); begin += classes) {
        double sum = 0;
        for (std::size_t c = 0; c < classes; ++c)
            sum += static_cast<double>(probabilities[begin + c]) * labelled[c] / said[c];
        for (std::size_t c = 0; c < classes && sum > 0; ++c) {
            const double value = static_cast<double>(probabilities[begin + c]) * labelled[c] / said[c] / sum;
            probabilities[begin + c] = static_cast<float>(value);
        }
    }
}

std::vector<double> thresholds(std::span<const float> probabilities, std::size_t classes,
                               const PseudoLabelOptions& options) {
    std::vector<double> of_class(classes, options.threshold);
    if (!options.per_class) return of_class;
    std::vector<double> sum(classes);
    std::vector<double> count(classes);
    for (std::size_t begin = 0; begin < probabilities.size(); begin += classes) {
        const auto row = probabilities.subspan(begin, classes);
        const auto best = std::ranges::max_element(row);
        sum[static_cast<std::size_t>(best - row.begin())] += static_cast<double>(*best);
        count[static_cast<std::size_t>(best - row.begin())] += 1;
    }
    double largest = 0;
    for (std::size_t c = 0; c < classes; ++c) {
        if (count[c] > 0) sum[c] /= count[c];
        largest = std::max(largest, sum[c]);
    }
    for (std::size_t c = 0; c < classes && largest > 0; ++c)
        of_class[c] = std::max(options.floor, options.threshold * sum[c] / largest);
    return of_class;
}

}  // namespace

PseudoLabels pseudo_labels(std::span<const float> probabilities, std::span<const int> labels, int classes,
                           const PseudoLabelOptions& options) {
    const auto width = static_cast<std::size_t>(classes);
    std::vector<float> aligned(probabilities.begin(), probabilities.end());
    if (options.alignment == Alignment::labelled_share) align(aligned, labels, width);
    const std::vector<double> needed = thresholds(aligned, width, options);
    PseudoLabels result;
    for (std::size_t row = 0; row * width < aligned.size(); ++row) {
        const auto values = std::span(aligned).subspan(row * width, width);
        const auto best = std::ranges::max_element(values);
        if (!(static_cast<double>(*best) > needed[static_cast<std::size_t>(best - values.begin())])) continue;
        result.rows.push_back(row);
        result.targets.insert(result.targets.end(), values.begin(), values.end());
        result.confidence.push_back(*best);
    }
    return result;
}

std::vector<std::size_t> held_out(std::span<const int> labels, int classes, std::uint64_t seed) {
    Random random(seed);
    std::vector<std::size_t> held;
    for (int c = 0; c < classes; ++c) {
        std::vector<std::size_t> members;
        for (std::size_t i = 0; i < labels.size(); ++i)
            if (labels[i] == c) members.push_back(i);
        if (members.size() < 2) continue;
        const std::vector<std::size_t> order = random.permutation(members.size());
        const std::size_t wanted = std::max<std::size_t>(1, members.size() / 5);
        for (std::size_t i = 0; i < wanted; ++i) held.push_back(members[order[i]]);
    }
    std::ranges::sort(held);
    return held;
}

bool helps(std::size_t right_without, std::size_t right_with, std::size_t held_out) {
    if (right_with + 1 >= right_without) return true;
    return static_cast<double>(right_without - right_with) <= 0.02 * static_cast<double>(held_out);
}

}  // namespace inference
