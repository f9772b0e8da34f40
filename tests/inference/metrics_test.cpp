#include "inference/metrics.h"

#include <doctest/doctest.h>

#include <stdexcept>
#include <vector>

using namespace inference;
using doctest::Approx;

namespace {
// Truth 0 0 0 1 1 2, taken for 0 0 1 1 1 0: nothing is ever taken for 2.
const std::vector<int> truth{0, 0, 0, 1, 1, 2};
const std::vector<int> taken{0, 0, 1, 1, 1, 0};
}  // namespace

TEST_CASE("a confusion matrix counts truth by row") {
    const ConfusionMatrix matrix = confusion(truth, taken, 3);
    CHECK(matrix.at(0, 0) == 2);
    CHECK(matrix.at(0, 1) == 1);
    CHECK(matrix.at(2, 0) == 1);
    CHECK(matrix.at(2, 2) == 0);
}

TEST_CASE("precision, recall and F1 of each class are as computed by hand") {
    const auto report = classification_report(truth, taken, 3);
    CHECK(report.accuracy == Approx(4.0 / 6));
    CHECK(report.per_class[0].precision == Approx(2.0 / 3));
    CHECK(report.per_class[0].recall == Approx(2.0 / 3));
    CHECK(report.per_class[1].precision == Approx(2.0 / 3));
    CHECK(report.per_class[1].recall == Approx(1));
    CHECK(report.per_class[1].f1 == Approx(0.8));
}

TEST_CASE("a class that is never predicted has precision and F1 of zero") {
    const auto report = classification_report(truth, taken, 3);
    CHECK(report.per_class[2].precision == 0);
    CHECK(report.per_class[2].f1 == 0);
}

TEST_CASE("macro F1 is the mean of the classes' F1 and weighted F1 counts their samples") {
    const auto report = classification_report(truth, taken, 3);
    CHECK(report.macro.f1 == Approx((2.0 / 3 + 0.8 + 0) / 3));
    CHECK(report.weighted.f1 == Approx((3 * 2.0 / 3 + 2 * 0.8 + 0) / 6));
    CHECK(report.micro.f1 == Approx(report.accuracy));
}

TEST_CASE("register A26: F1 is 2PR/(P+R), not the mean of accuracy and recall") {
    const auto report = classification_report(truth, taken, 3);
    const double naive = (report.accuracy + report.per_class[1].recall) / 2;
    CHECK(report.per_class[1].f1 == Approx(2 * (2.0 / 3) * 1 / (2.0 / 3 + 1)));
    CHECK(report.per_class[1].f1 != Approx(naive));
}

TEST_CASE("classes that occur nowhere are left out of the macro mean and counted") {
    const auto report = classification_report(truth, taken, 5);
    CHECK(report.absent_classes == 2);
    CHECK(report.macro.f1 == Approx(classification_report(truth, taken, 3).macro.f1));
}

TEST_CASE("a report about nothing is all zeros") {
    const auto report = classification_report({}, {}, 2);
    CHECK(report.accuracy == 0);
    CHECK(report.macro.f1 == 0);
}

TEST_CASE("a class out of range is refused") {
    CHECK_THROWS_AS(classification_report(std::vector{0}, std::vector{3}, 3), std::invalid_argument);
    CHECK_THROWS_AS(classification_report(std::vector{0}, std::vector{0, 1}, 3), std::invalid_argument);
}

TEST_CASE("top-k takes the lower class first where scores are equal") {
    const std::vector<float> scores{0.4F, 0.4F, 0.2F};
    CHECK(top_k_accuracy(scores, std::vector{0}, 3, 1) == 1);
    CHECK(top_k_accuracy(scores, std::vector{1}, 3, 1) == 0);
    CHECK(top_k_accuracy(scores, std::vector{1}, 3, 2) == 1);
    CHECK(top_k_accuracy(scores, std::vector{2}, 3, 2) == 0);
}

TEST_CASE("average precision is the area under the precision envelope") {
    // Ranked for class 0: hit, miss, hit: precision 1 up to recall 1/2, then 2/3.
    const std::vector<float> scores{0.9F, 0.1F, 0.8F, 0.2F, 0.7F, 0.3F};
    const auto precision = average_precision(scores, std::vector{0, 1, 0}, 2);
    CHECK(precision.per_class[0] == Approx(0.5 * 1 + 0.5 * 2 / 3));
    // For class 1: ranked 0.3 miss, 0.2 hit, 0.1 miss.
    CHECK(precision.per_class[1] == Approx(0.5));
    CHECK(precision.mean == Approx((0.5 + 1.0 / 3 + 0.5) / 2));
}

TEST_CASE("mean average precision skips and counts classes without samples") {
    const std::vector<float> scores{0.9F, 0.1F, 0.0F};
    const auto precision = average_precision(scores, std::vector{0}, 3);
    CHECK(precision.mean == Approx(1));
    CHECK(precision.skipped_classes == 2);
}

TEST_CASE("samples of equal score enter average precision together") {
    const std::vector<float> scores{0.5F, 0.5F};
    const auto precision = average_precision(scores, std::vector{0, 0}, 1);
    CHECK(precision.mean == Approx(1));
    const std::vector<float> tied{0.5F, 0.5F, 0.5F, 0.5F};
    CHECK(average_precision(tied, std::vector{0, 1}, 2).per_class[0] == Approx(0.5));
}

TEST_CASE("calibration error weighs each bin's gap by its samples") {
    // Two samples at 0.9, one right: gap 0.4. Two at 0.5, one right: gap 0.
    const std::vector<float> confidence{0.9F, 0.9F, 0.5F, 0.5F};
    const std::vector<std::uint8_t> correct{1, 0, 1, 0};
    CHECK(expected_calibration_error(confidence, correct) == Approx(0.2));
}

TEST_CASE("kappa is the agreement beyond chance") {
    // Agreement 0.7, chance 0.5 * 0.6 + 0.5 * 0.4 = 0.5.
    std::vector<int> a, b;
    for (const auto& [x, y, times] :
         {std::tuple{0, 0, 4}, std::tuple{0, 1, 1}, std::tuple{1, 0, 2}, std::tuple{1, 1, 3}})
        for (int i = 0; i < times; ++i) {
            a.push_back(x);
            b.push_back(y);
        }
    CHECK(cohen_kappa(a, b, 2) == Approx(0.4));
    CHECK(cohen_kappa(std::vector{1, 1}, std::vector{1, 1}, 2) == 1);
}

TEST_CASE("a bootstrap interval draws whole groups") {
    // Two groups of mean 0 and 1: a resample's mean is 0, 0.5 or 1.
    const std::vector<double> values{0, 0, 0, 1, 1, 1};
    const std::vector<int> groups{7, 7, 7, 9, 9, 9};
    const Interval interval = bootstrap_interval_of_mean(values, groups, 1);
    CHECK(interval.low == 0);
    CHECK(interval.high == 1);
}

TEST_CASE("a bootstrap interval is the same for the same seed") {
    std::vector<double> values;
    std::vector<int> groups;
    for (int i = 0; i < 50; ++i) {
        values.push_back((i * 37) % 11);
        groups.push_back(i % 10);
    }
    const Interval a = bootstrap_interval_of_mean(values, groups, 5);
    const Interval b = bootstrap_interval_of_mean(values, groups, 5);
    CHECK(a.low == b.low);
    CHECK(a.high == b.high);
    CHECK(a.low < a.high);
}
