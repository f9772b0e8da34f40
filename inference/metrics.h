#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <vector>

// Measures of a classifier (models.md 2.8). Classes are 0 … classes-1, shares are
// fractions of 1, and a ratio 0/0 is 0. Throws std::invalid_argument for lengths that
// differ and classes out of range.
namespace inference {

struct ClassScores {
    double precision = 0;
    double recall = 0;
    double f1 = 0;
    std::int64_t support = 0;    // samples of this class
    std::int64_t predicted = 0;  // samples taken for it

    [[nodiscard]] bool occurs() const { return support + predicted > 0; }
};

struct ConfusionMatrix {
    int classes = 0;
    std::vector<std::int64_t> counts;  // truth x predicted

    [[nodiscard]] std::int64_t at(int truth, int predicted) const {
        return counts[static_cast<std::size_t>(truth) * static_cast<std::size_t>(classes) +
                      static_cast<std::size_t>(predicted)];
    }
};

struct ClassificationReport {
    std::int64_t samples = 0;
    double accuracy = 0;
    std::vector<ClassScores> per_class;
    // Means over the classes that occur in truth or prediction; macro F1 is the mean of
    // the classes' F1 (register A26).
    ClassScores macro, micro, weighted;
    int absent_classes = 0;
    ConfusionMatrix confusion;
};

ConfusionMatrix confusion(std::span<const int> truth, std::span<const int> predicted, int classes);
ClassificationReport classification_report(std::span<const int> truth, std::span<const int> predicted, int classes);

// `scores` holds samples x classes. A class is ahead of another of the same score when its index is lower.
double top_k_accuracy(std::span<const float> scores, std::span<const int> truth, int classes, int k);

struct AveragePrecision {
    double mean = 0;                // over the classes that have samples
    std::vector<double> per_class;  // 0 for a class without samples
    int skipped_classes = 0;        // without samples
};

// Area under the precision envelope, all points. Samples of equal score enter together.
AveragePrecision average_precision(std::span<const float> scores, std::span<const int> truth, int classes);

// Equal bins of confidence over [0, 1]; a confidence on an edge belongs to the lower bin.
double expected_calibration_error(std::span<const float> confidence, std::span<const std::uint8_t> correct,
                                  int bins = 15);

// 1 where both name one and the same class throughout.
double cohen_kappa(std::span<const int> a, std::span<const int> b, int classes);

struct Interval {
    double low = 0;
    double high = 0;
};

// 95 % percentile interval of a statistic when whole groups (performer, video) are drawn
// with replacement. The statistic gets row numbers, a drawn group's rows together.
Interval bootstrap_interval(std::span<const int> group_of_row,
                            const std::function<double(std::span<const std::size_t> rows)>& statistic,
                            std::uint64_t seed, int resamples = 2000);

// The same for the mean of `values`.
Interval bootstrap_interval_of_mean(std::span<const double> values, std::span<const int> group_of_row,
                                    std::uint64_t seed, int resamples = 2000);

}  // namespace inference
