#include "inference/curriculum.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <numeric>
#include <set>

using namespace inference;

namespace {

// Examples of two classes in turn.
TrainingSet set_of(std::size_t examples) {
    TrainingSet set;
    set.classes = 2;
    for (std::size_t i = 0; i < examples; ++i) {
        set.samples.push_back(i);
        set.weights.push_back(1);
        set.targets.push_back(i % 2 == 0 ? 1.0F : 0.0F);
        set.targets.push_back(i % 2 == 0 ? 0.0F : 1.0F);
    }
    return set;
}

// Of which the first `wrong` are sure of the wrong class and the others of the right one.
std::vector<float> answers(const TrainingSet& set, const std::vector<std::size_t>& batch, std::size_t wrong) {
    std::vector<float> logits;
    for (std::size_t i = 0; i < batch.size(); ++i)
        for (std::size_t c = 0; c < 2; ++c) {
            const bool right = set.targets[2 * batch[i] + c] > 0.5F;
            logits.push_back(right == (i < wrong) ? -3.0F : 3.0F);
        }
    return logits;
}

}  // namespace

TEST_CASE("every example is learnt from once before any comes again") {
    const TrainingSet set = set_of(10);
    LearningOptions options;
    options.batch = 5;
    Random random(1);
    Curriculum curriculum(set, options, random);
    for (int round = 0; round < 3; ++round) {
        std::multiset<std::size_t> drawn;
        for (int half = 0; half < 2; ++half)
            for (const std::size_t example : curriculum.batch()) drawn.insert(example);
        CHECK(drawn.size() == 10);
        CHECK(std::set<std::size_t>(drawn.begin(), drawn.end()).size() == 10);
    }
}

TEST_CASE("examples drawn by weight come as often as it says, those of none never") {
    TrainingSet set = set_of(3);
    set.drawing = Drawing::by_weight;
    set.weights = {3, 0, 1};
    LearningOptions options;
    options.batch = 4000;
    Random random(1);
    Curriculum curriculum(set, options, random);
    const auto batch = curriculum.batch();
    CHECK(std::ranges::count(batch, 1U) == 0);
    CHECK(std::ranges::count(batch, 0U) == doctest::Approx(3000).epsilon(0.05));
}

TEST_CASE("the rate rises over the warm-up and falls to nothing") {
    const TrainingSet set = set_of(2);
    LearningOptions options;
    options.steps = 100;
    options.rate = 1;
    options.warm_up = 0.1;
    Random random(1);
    const Curriculum curriculum(set, options, random);
    CHECK(curriculum.rate(0) == doctest::Approx(0.1));
    CHECK(curriculum.rate(9) == doctest::Approx(1));
    CHECK(curriculum.rate(55) == doctest::Approx(0.5));
    CHECK(curriculum.rate(99) < 0.01);
}

TEST_CASE("only the hardest part of a batch is learnt from, after the first fifth of the steps") {
    const TrainingSet set = set_of(10);
    LearningOptions options;
    options.steps = 100;
    options.batch = 10;
    Random random(1);
    Curriculum curriculum(set, options, random);
    const auto batch = curriculum.batch();
    const auto logits = answers(set, batch, 3);
    const auto rows_learnt_from = [&](int step) {
        const BatchLoss loss = curriculum.loss(step, logits, batch);
        std::size_t rows = 0;
        for (std::size_t i = 0; i < batch.size(); ++i)
            rows += loss.gradient[2 * i] != 0 || loss.gradient[2 * i + 1] != 0 ? 1 : 0;
        return rows;
    };
    CHECK(rows_learnt_from(10) == 10);
    CHECK(rows_learnt_from(50) == 7);
}

TEST_CASE("late losses are those of the last fifth of the steps") {
    const TrainingSet set = set_of(4);
    LearningOptions options;
    options.steps = 10;
    options.batch = 4;
    Random random(1);
    Curriculum curriculum(set, options, random);
    const auto batch = curriculum.batch();
    curriculum.loss(2, answers(set, batch, 4), batch);
    CHECK(curriculum.late_losses() == std::vector<float>(4, 0.0F));
    curriculum.loss(9, answers(set, batch, 1), batch);
    const auto late = curriculum.late_losses();
    CHECK(std::ranges::max_element(late) - late.begin() == static_cast<std::ptrdiff_t>(batch[0]));
    CHECK(late[batch[1]] > 0);
}

TEST_CASE("balanced, every class comes as often as any other, whatever its number of examples") {
    TrainingSet set = set_of(0);
    // Thirty of the first class, ten of the second, and one that weighs twice as much as the others of its class.
    for (std::size_t i = 0; i < 40; ++i) {
        set.samples.push_back(i);
        set.weights.push_back(i == 39 ? 2.0F : 1.0F);
        set.targets.push_back(i < 30 ? 1.0F : 0.0F);
        set.targets.push_back(i < 30 ? 0.0F : 1.0F);
    }
    const std::vector<float> weights = balanced_weights(set);
    CHECK(std::accumulate(weights.begin(), weights.begin() + 30, 0.0F) ==
          doctest::Approx(std::accumulate(weights.begin() + 30, weights.end(), 0.0F)));
    CHECK(weights[39] == doctest::Approx(2 * weights[38]));
    set.weights = weights;
    set.drawing = Drawing::by_weight;
    LearningOptions options;
    options.batch = 4000;
    Random random(1);
    Curriculum curriculum(set, options, random);
    const auto batch = curriculum.batch();
    CHECK(std::ranges::count_if(batch, [](std::size_t example) { return example < 30; }) ==
          doctest::Approx(2000).epsilon(0.05));
}

TEST_CASE(
    "balanced, the only example of a class comes ten times as often as the mean and no more, and none is no harm") {
    TrainingSet set;
    set.classes = 4;
    for (std::size_t i = 0; i < 101; ++i) {
        set.samples.push_back(i);
        set.weights.push_back(1);
        // One of class 2, fifty each of 0 and 1, none of 3.
        for (std::size_t c = 0; c < 4; ++c) set.targets.push_back(c == (i == 100 ? 2 : i % 2) ? 1.0F : 0.0F);
    }
    const std::vector<float> weights = balanced_weights(set);
    CHECK(weights[100] == doctest::Approx(10));
    CHECK(weights[0] == doctest::Approx(101.0 / 3 / 50));
    CHECK(weights[0] == weights[1]);
}

TEST_CASE("a mirrored example is taught the label of the mirrored motion") {
    TrainingSet set = set_of(2);
    LearningOptions options;
    options.batch = 2;
    options.ohem_keep = 1;
    const std::vector<std::size_t> batch{0, 1};
    const std::vector<Side> sides{Side::mirrored, Side::as_recorded};
    const auto logits = answers(set, batch, 1);  // the first is sure of the other class
    Random random(1);
    const auto total = [&] { return Curriculum(set, options, random).loss(0, logits, batch, sides).total; };
    const double unpaired = total();
    set.mirrored_labels = {1, 0};
    const double paired = total();
    CHECK(paired < 0.5 * unpaired);
    CHECK(paired < 0.5);
}
