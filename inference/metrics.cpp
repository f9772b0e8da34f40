#include "inference/metrics.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>
#include <random>
#include <stdexcept>
#include <string>

namespace inference {

namespace {

double ratio(double part, double whole) { return whole == 0 ? 0 : part / whole; }

double f1_of(double precision, double recall) { return ratio(2 * precision * recall, precision + recall); }

void require(bool fact, const char* message) {
    if (!fact) throw std::invalid_argument(message);
}

void require_classes(std::span<const int> labels, int classes) {
    for (const int label : labels)
        if (label < 0 || label >= classes)
            throw std::invalid_argument("class " + std::to_string(label) + " is not one of " + std::to_string(classes));
}

void require_scores(std::span<const float> scores, std::span<const int> truth, int classes) {
    require(classes > 0 && scores.size() == truth.size() * static_cast<std::size_t>(classes),
            "scores are not one row of classes for each sample");
    require_classes(truth, classes);
}

ClassScores mean_scores(const std::vector<ClassScores>& per_class, const std::vector<double>& weights) {
    ClassScores mean;
    double total = 0;
    for (std::size_t c = 0; c < per_class.size(); ++c) {
        mean.precision += weights[c] * per_class[c].precision;
        mean.recall += weights[c] * per_class[c].recall;
        mean.f1 += weights[c] * per_class[c].f1;
        mean.support += per_class[c].support;
        mean.predicted += per_class[c].predicted;
        total += weights[c];
    }
    mean.precision = ratio(mean.precision, total);
    mean.recall = ratio(mean.recall, total);
    mean.f1 = ratio(mean.f1, total);
    return mean;
}

std::vector<ClassScores> scores_by_class(const ConfusionMatrix& matrix) {
    std::vector<ClassScores> scores(static_cast<std::size_t>(matrix.classes));
    for (int c = 0; c < matrix.classes; ++c) {
        ClassScores& one = scores[static_cast<std::size_t>(c)];
        for (int other = 0; other < matrix.classes; ++other) {
            one.support += matrix.at(c, other);
            one.predicted += matrix.at(other, c);
        }
        const auto hits = static_cast<double>(matrix.at(c, c));
        one.precision = ratio(hits, static_cast<double>(one.predicted));
        one.recall = ratio(hits, static_cast<double>(one.support));
        one.f1 = f1_of(one.precision, one.recall);
    }
    return scores;
}

// The area under the precision envelope of one class.
double average_precision_of(std::span<const float> scores, std::span<const int> truth, int classes, int wanted) {
    const auto score = [&](std::size_t sample) {
        return scores[sample * static_cast<std::size_t>(classes) + static_cast<std::size_t>(wanted)];
    };
    std::vector<std::size_t> order(truth.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return score(a) > score(b); });
    const auto positives = static_cast<double>(std::ranges::count(truth, wanted));
    std::vector<double> recall{0};
    std::vector<double> precision{0};
    double hits = 0;
    for (std::size_t rank = 0; rank < order.size(); ++rank) {
        hits += truth[order[rank]] == wanted ? 1 : 0;
        if (rank + 1 < order.size() && score(order[rank + 1]) == score(order[rank])) continue;
        recall.push_back(hits / positives);
        precision.push_back(hits / static_cast<double>(rank + 1));
    }
    double area = 0;
    double envelope = 0;
    for (std::size_t point = recall.size() - 1; point > 0; --point) {
        envelope = std::max(envelope, precision[point]);
        area += (recall[point] - recall[point - 1]) * envelope;
    }
    return area;
}

}  // namespace

ConfusionMatrix confusion(std::span<const int> truth, std::span<const int> predicted, int classes) {
    require(truth.size() == predicted.size(), "truth and prediction are not of one length");
    require_classes(truth, classes);
    require_classes(predicted, classes);
    const auto width = static_cast<std::size_t>(classes);
    ConfusionMatrix matrix{classes, std::vector<std::int64_t>(width * width)};
    for (std::size_t i = 0; i < truth.size(); ++i)
        ++matrix.counts[static_cast<std::size_t>(truth[i]) * width + static_cast<std::size_t>(predicted[i])];
    return matrix;
}

ClassificationReport classification_report(std::span<const int> truth, std::span<const int> predicted, int classes) {
    ClassificationReport report;
    report.confusion = confusion(truth, predicted, classes);
    report.samples = static_cast<std::int64_t>(truth.size());
    report.per_class = scores_by_class(report.confusion);
    std::int64_t hits = 0;
    std::vector<double> once;
    std::vector<double> by_support;
    for (int c = 0; c < classes; ++c) {
        const ClassScores& scores = report.per_class[static_cast<std::size_t>(c)];
        hits += report.confusion.at(c, c);
        once.push_back(scores.occurs() ? 1 : 0);
        by_support.push_back(static_cast<double>(scores.support));
        report.absent_classes += scores.occurs() ? 0 : 1;
    }
    report.accuracy = ratio(static_cast<double>(hits), static_cast<double>(report.samples));
    report.macro = mean_scores(report.per_class, once);
    report.weighted = mean_scores(report.per_class, by_support);
    // One label a sample: what one class misses another gains, so all three are the accuracy.
    report.micro = {report.accuracy, report.accuracy, report.accuracy, report.samples, report.samples};
    return report;
}

double top_k_accuracy(std::span<const float> scores, std::span<const int> truth, int classes, int k) {
    require_scores(scores, truth, classes);
    std::int64_t hits = 0;
    for (std::size_t sample = 0; sample < truth.size(); ++sample) {
        const auto row = scores.subspan(sample * static_cast<std::size_t>(classes), static_cast<std::size_t>(classes));
        const auto own = static_cast<std::size_t>(truth[sample]);
        int ahead = 0;
        for (std::size_t c = 0; c < row.size(); ++c)
            if (row[c] > row[own] || (row[c] == row[own] && c < own)) ++ahead;
        hits += ahead < k ? 1 : 0;
    }
    return ratio(static_cast<double>(hits), static_cast<double>(truth.size()));
}

AveragePrecision average_precision(std::span<const float> scores, std::span<const int> truth, int classes) {
    require_scores(scores, truth, classes);
    AveragePrecision result;
    for (int c = 0; c < classes; ++c) {
        const bool present = std::ranges::find(truth, c) != truth.end();
        result.per_class.push_back(present ? average_precision_of(scores, truth, classes, c) : 0);
        result.skipped_classes += present ? 0 : 1;
    }
    const double total = std::accumulate(result.per_class.begin(), result.per_class.end(), 0.0);
    result.mean = ratio(total, classes - result.skipped_classes);
    return result;
}

double expected_calibration_error(std::span<const float> confidence, std::span<const std::uint8_t> correct, int bins) {
    require(confidence.size() == correct.size(), "confidences and outcomes are not of one length");
    require(bins > 0, "calibration needs at least one bin");
    std::vector<double> gap(static_cast<std::size_t>(bins));
    for (std::size_t i = 0; i < confidence.size(); ++i) {
        const int bin =
            std::clamp(static_cast<int>(std::ceil(static_cast<double>(confidence[i]) * bins)) - 1, 0, bins - 1);
        gap[static_cast<std::size_t>(bin)] += static_cast<double>(confidence[i]) - (correct[i] != 0 ? 1.0 : 0.0);
    }
    double total = 0;
    for (const double bin : gap) total += std::abs(bin);
    return ratio(total, static_cast<double>(confidence.size()));
}

double cohen_kappa(std::span<const int> a, std::span<const int> b, int classes) {
    const ConfusionMatrix matrix = confusion(a, b, classes);
    const auto samples = static_cast<double>(a.size());
    if (a.empty()) return 0;
    double agreed = 0;
    double by_chance = 0;
    const std::vector<ClassScores> scores = scores_by_class(matrix);
    for (int c = 0; c < classes; ++c) {
        const ClassScores& one = scores[static_cast<std::size_t>(c)];
        agreed += static_cast<double>(matrix.at(c, c)) / samples;
        by_chance += static_cast<double>(one.support) / samples * (static_cast<double>(one.predicted) / samples);
    }
    return by_chance >= 1 ? 1 : (agreed - by_chance) / (1 - by_chance);
}

Interval bootstrap_interval(std::span<const int> group_of_row,
                            const std::function<double(std::span<const std::size_t> rows)>& statistic,
                            std::uint64_t seed, int resamples) {
    require(resamples > 0, "a bootstrap interval needs at least one resample");
    std::map<int, std::vector<std::size_t>> by_group;
    for (std::size_t row = 0; row < group_of_row.size(); ++row) by_group[group_of_row[row]].push_back(row);
    if (by_group.empty()) return {};
    std::vector<const std::vector<std::size_t>*> groups;
    for (const auto& [group, rows] : by_group) groups.push_back(&rows);
    std::mt19937_64 engine(seed);
    std::vector<double> values;
    std::vector<std::size_t> drawn;
    for (int resample = 0; resample < resamples; ++resample) {
        drawn.clear();
        for (std::size_t draw = 0; draw < groups.size(); ++draw) {
            const auto& rows = *groups[engine() % groups.size()];
            drawn.insert(drawn.end(), rows.begin(), rows.end());
        }
        values.push_back(statistic(drawn));
    }
    std::ranges::sort(values);
    const auto at = [&values](double share) {
        return values[static_cast<std::size_t>(share * static_cast<double>(values.size() - 1) + 0.5)];
    };
    return {at(0.025), at(0.975)};
}

Interval bootstrap_interval_of_mean(std::span<const double> values, std::span<const int> group_of_row,
                                    std::uint64_t seed, int resamples) {
    require(values.size() == group_of_row.size(), "values and groups are not of one length");
    return bootstrap_interval(
        group_of_row,
        [values](std::span<const std::size_t> rows) {
            double total = 0;
            for (const std::size_t row : rows) total += values[row];
            return total / static_cast<double>(rows.size());
        },
        seed, resamples);
}

}  // namespace inference
