#include "inference/grammar.h"

#include <doctest/doctest.h>

#include <cmath>
#include <functional>
#include <limits>
#include <stdexcept>

#include "inference/random.h"

using namespace inference;

namespace {

Grammar without_durations(const std::vector<LabelledRun>& runs, int labels, double smoothing = 1) {
    Grammar grammar = counted_grammar(runs, labels, smoothing);
    grammar.durations.clear();
    return grammar;
}

// What the path of these labels is worth.
double worth_of(const std::vector<int>& labels, const LabelChain& chain, const Grammar& grammar, double weight) {
    double sum = 0;
    for (std::size_t i = 0; i < labels.size(); ++i) {
        const auto label = static_cast<std::size_t>(labels[i]);
        sum += std::log(static_cast<double>(chain.probabilities[i * static_cast<std::size_t>(grammar.labels) + label]));
        if (i > 0) sum += weight * grammar.transition(labels[i - 1], labels[i]);
        if (!grammar.durations.empty()) {
            const DurationPrior prior = grammar.durations[label];
            sum += weight * (-std::pow((std::log(chain.seconds[i]) - prior.mean) / prior.deviation, 2) / 2 -
                             std::log(prior.deviation));
        }
    }
    if (chain.begins) sum += weight * grammar.transition(grammar.labels, labels.front());
    if (chain.ends) sum += weight * grammar.transition(labels.back(), grammar.labels);
    return sum;
}

// Calls `visit` with every path of so many labels.
void for_each_path(std::size_t segments, int labels, const std::function<void(const std::vector<int>&)>& visit) {
    std::vector<int> path(segments, 0);
    while (true) {
        visit(path);
        std::size_t place = 0;
        while (place < segments && ++path[place] == labels) path[place++] = 0;
        if (place == segments) return;
    }
}

}  // namespace

TEST_CASE("labels of a stream are runs without gaps, in seconds") {
    const std::vector<LabelledSpan> spans{{{10, 20}, 3}, {{20, 50}, 1}, {{60, 100}, 2}};
    const auto runs = runs_of(spans, {10, 110}, 10);
    REQUIRE(runs.size() == 2);
    CHECK(runs[0].labels == std::vector{3, 1});
    CHECK(runs[0].seconds == std::vector<double>{1, 3});
    CHECK(runs[0].begins);
    CHECK_FALSE(runs[0].ends);
    CHECK(runs[1].labels == std::vector{2});
    CHECK_FALSE(runs[1].begins);
    CHECK_FALSE(runs[1].ends);
    CHECK(runs_of(spans, {0, 100}, 10)[1].ends);
    CHECK_FALSE(runs_of(spans, {0, 100}, 10)[0].begins);
    CHECK(runs_of({}, {0, 100}, 10).empty());
    CHECK_THROWS_AS((void)runs_of(spans, {15, 100}, 10), std::invalid_argument);
    CHECK_THROWS_AS((void)runs_of(spans, {0, 99}, 10), std::invalid_argument);
    CHECK_THROWS_AS((void)runs_of(spans, {0, 100}, 0), std::invalid_argument);
}

TEST_CASE("transitions are counts with one more for each that there could be") {
    const std::vector<LabelledRun> runs{{{0, 1, 0, 1}, {1, 1, 1, 1}, true, true}, {{1, 1}, {1, 1}, false, false}};
    const Grammar grammar = counted_grammar(runs, 2);
    // From 0: twice to 1. From 1: once each to 0, to 1 and to the end. The whole begins with 0 once.
    CHECK(std::exp(grammar.transition(0, 0)) == doctest::Approx(1.0 / 5));
    CHECK(std::exp(grammar.transition(0, 1)) == doctest::Approx(3.0 / 5));
    CHECK(std::exp(grammar.transition(0, 2)) == doctest::Approx(1.0 / 5));
    CHECK(std::exp(grammar.transition(1, 0)) == doctest::Approx(2.0 / 6));
    CHECK(std::exp(grammar.transition(1, 1)) == doctest::Approx(2.0 / 6));
    CHECK(std::exp(grammar.transition(1, 2)) == doctest::Approx(2.0 / 6));
    CHECK(std::exp(grammar.transition(2, 0)) == doctest::Approx(2.0 / 4));
    CHECK(std::exp(grammar.transition(2, 1)) == doctest::Approx(1.0 / 4));
}

TEST_CASE("durations of a label that was hardly seen are those of all labels") {
    std::vector<LabelledRun> runs;
    for (int i = 0; i < 100; ++i) runs.push_back({{0, 1}, {1.0, 8.0}, false, false});
    const Grammar grammar = counted_grammar(runs, 3);
    REQUIRE(grammar.durations.size() == 3);
    const double middle = std::log(8.0) / 2;
    CHECK(grammar.durations[2].mean == doctest::Approx(middle));
    CHECK(grammar.durations[2].deviation == doctest::Approx(middle));  // half of them lie that far on either side
    CHECK(grammar.durations[0].mean == doctest::Approx(5 * middle / 105));
    CHECK(grammar.durations[1].mean > grammar.durations[2].mean);
    CHECK(counted_grammar(std::vector<LabelledRun>{{{0}, {1.0}, false, false}}, 3).durations.empty());
    const Grammar alike = counted_grammar(std::vector<LabelledRun>{{{0, 0, 0}, {2, 2, 2}, false, false}}, 1);
    CHECK(alike.durations[0].deviation == doctest::Approx(0.1));  // never so narrow that nothing else is believed
}

TEST_CASE("the grammar decides between labels that look alike") {
    // 1 always follows 0.
    std::vector<LabelledRun> runs(20, LabelledRun{{0, 1, 0, 1}, {1, 1, 1, 1}, true, true});
    const Grammar grammar = without_durations(runs, 3);
    const std::vector<float> said{0.9F, 0.05F, 0.05F, 0.1F, 0.44F, 0.46F};
    const std::vector<double> seconds{1, 1};
    const LabelChain chain{said, seconds, false, false};
    CHECK(likeliest_labels(chain, grammar, 0).labels == std::vector{0, 2});
    CHECK(likeliest_labels(chain, grammar, 0.3).labels == std::vector{0, 1});
}

TEST_CASE("a duration speaks for the label that usually lasts so long") {
    std::vector<LabelledRun> runs(30, LabelledRun{{0, 1}, {1, 8}, false, false});
    Grammar grammar = counted_grammar(runs, 2);
    grammar.transitions.assign(9, std::log(1.0 / 3));
    const std::vector<float> said{0.5F, 0.5F};
    for (const auto& [lasts, label] : {std::pair{1.2, 0}, std::pair{7.0, 1}}) {
        const std::vector<double> seconds{lasts};
        CHECK(likeliest_labels({said, seconds, false, false}, grammar).labels.front() == label);
    }
}

TEST_CASE("the likeliest labels are those of trying every path") {
    Random random(5);
    for (int round = 0; round < 60; ++round) {
        const int labels = 2 + static_cast<int>(random.below(3));
        const std::size_t segments = 1 + random.below(5);
        std::vector<LabelledRun> runs(3);
        for (LabelledRun& run : runs) {
            for (int i = 0; i < 6; ++i) {
                run.labels.push_back(static_cast<int>(random.below(static_cast<std::size_t>(labels))));
                run.seconds.push_back(random.uniform(0.5, 4));
            }
            run.begins = random.below(2) == 0;
            run.ends = random.below(2) == 0;
        }
        const Grammar grammar = counted_grammar(runs, labels);
        std::vector<float> said;
        std::vector<double> seconds;
        for (std::size_t i = 0; i < segments; ++i) {
            std::vector<double> row(static_cast<std::size_t>(labels));
            double sum = 0;
            for (double& p : row) sum += p = random.uniform(0.05, 1);
            for (const double p : row) said.push_back(static_cast<float>(p / sum));
            seconds.push_back(random.uniform(0.5, 4));
        }
        const LabelChain chain{said, seconds, random.below(2) == 0, random.below(2) == 0};
        const double weight = random.uniform(0, 2);
        const LabelPath found = likeliest_labels(chain, grammar, weight);

        const auto width = static_cast<std::size_t>(labels);
        double best = -std::numeric_limits<double>::infinity();
        std::vector<double> through(segments * width, best);
        for_each_path(segments, labels, [&](const std::vector<int>& path) {
            const double worth = worth_of(path, chain, grammar, weight);
            best = std::max(best, worth);
            for (std::size_t i = 0; i < segments; ++i) {
                double& most = through[i * width + static_cast<std::size_t>(path[i])];
                most = std::max(most, worth);
            }
        });
        CHECK(worth_of(found.labels, chain, grammar, weight) == doctest::Approx(best));
        for (std::size_t i = 0; i < segments; ++i) {
            double sum = 0;
            for (std::size_t label = 0; label < width; ++label) sum += std::exp(through[i * width + label] - best);
            for (std::size_t label = 0; label < width; ++label)
                CHECK(static_cast<double>(found.probabilities[i * width + label]) ==
                      doctest::Approx(std::exp(through[i * width + label] - best) / sum).epsilon(1e-4));
        }
    }
}

TEST_CASE("without weight every segment keeps its own probabilities") {
    const Grammar grammar = counted_grammar(std::vector<LabelledRun>{{{0, 1, 1}, {1, 2, 3}, true, true}}, 2);
    const std::vector<float> said{0.3F, 0.7F, 0.8F, 0.2F};
    const std::vector<double> seconds{1, 2};
    const LabelPath path = likeliest_labels({said, seconds, true, true}, grammar, 0);
    for (std::size_t i = 0; i < said.size(); ++i) CHECK(path.probabilities[i] == doctest::Approx(said[i]));
}

TEST_CASE("a label that is known stays, whatever the grammar says") {
    std::vector<LabelledRun> runs(50, LabelledRun{{0, 1}, {1, 1}, false, false});
    const Grammar grammar = without_durations(runs, 2);
    const std::vector<float> said{0, 1, 0.5F, 0.5F};
    const std::vector<double> seconds{1, 1};
    const LabelPath path = likeliest_labels({said, seconds, false, false}, grammar, 50);
    CHECK(path.labels.front() == 1);
    CHECK(path.probabilities[0] == 0);
    CHECK(path.probabilities[1] == 1);
}

TEST_CASE("what cannot be counted or decoded is refused with its place") {
    const std::vector<double> seconds{1, 1};
    const Grammar grammar = counted_grammar({}, 2);
    const auto path = [&](const std::vector<float>& said, const std::vector<double>& lasting, double weight = 0.3) {
        return likeliest_labels({said, lasting, false, false}, grammar, weight);
    };
    CHECK(likeliest_labels({{}, {}, true, true}, grammar).labels.empty());
    CHECK_THROWS_WITH_AS((void)path({0.5F, 0.5F, 0, 0}, seconds), "segment 1: no label is possible",
                         std::invalid_argument);
    CHECK_THROWS_WITH_AS((void)path({std::nanf(""), 0.5F, 1, 0}, seconds),
                         "segment 0: its probabilities must be from 0 to 1", std::invalid_argument);
    CHECK_THROWS_WITH_AS((void)path({0.5F, 0.5F, 1, 0}, {1, 0}), "segment 1: its duration must be positive",
                         std::invalid_argument);
    CHECK_THROWS_AS((void)path({0.5F, 0.5F, 1}, seconds), std::invalid_argument);
    CHECK_THROWS_AS((void)path({1, 0}, {1}, -1), std::invalid_argument);
    CHECK_THROWS_AS((void)path({1, 0}, {1}, std::nan("")), std::invalid_argument);
    CHECK_THROWS_AS((void)likeliest_labels({{}, {}, false, false}, Grammar{}, 0.3), std::invalid_argument);
    using Runs = std::vector<LabelledRun>;
    CHECK_THROWS_WITH_AS((void)counted_grammar(Runs{{{0, 2}, {1, 1}, false, false}}, 2), "there is no label 2 among 2",
                         std::invalid_argument);
    CHECK_THROWS_AS((void)counted_grammar(Runs{{{0}, {1, 1}, false, false}}, 2), std::invalid_argument);
    CHECK_THROWS_AS((void)counted_grammar(Runs{{{0}, {-1}, false, false}}, 2), std::invalid_argument);
    CHECK_THROWS_AS((void)counted_grammar({}, 2, 0), std::invalid_argument);
    CHECK_THROWS_AS((void)counted_grammar({}, 0), std::invalid_argument);
}
