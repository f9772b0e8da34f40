#include "inference/losses.h"

#include <doctest/doctest.h>

#include <cmath>
#include <numeric>

#include "inference/calibration.h"
#include "inference/hard_examples.h"
#include "inference/pseudo_labels.h"
#include "inference/random.h"

using namespace inference;
using doctest::Approx;

namespace {

struct Batch {
    std::vector<float> logits, targets, weights;
    std::vector<std::size_t> kept;
};

Batch drawn_batch(std::size_t rows, std::size_t classes) {
    Random random(8);
    Batch batch;
    batch.targets.assign(rows * classes, 0.0F);
    for (std::size_t i = 0; i < rows * classes; ++i) batch.logits.push_back(static_cast<float>(random.normal()));
    for (std::size_t row = 0; row < rows; ++row) {
        batch.targets[row * classes + random.below(classes)] = 1;
        batch.weights.push_back(static_cast<float>(random.uniform(0.5, 2)));
        if (row % 3 != 2) batch.kept.push_back(row);
    }
    return batch;
}

}  // namespace

TEST_CASE("the gradient of Dice and cross-entropy is that of small changes") {
    Batch batch = drawn_batch(7, 4);
    const BatchLoss loss = dice_cross_entropy(batch.logits, batch.targets, 4, batch.weights, batch.kept);
    for (std::size_t i = 0; i < batch.logits.size(); ++i) {
        constexpr float small = 1e-2F;
        const float before = batch.logits[i];
        batch.logits[i] = before + small;
        const double up = dice_cross_entropy(batch.logits, batch.targets, 4, batch.weights, batch.kept).total;
        batch.logits[i] = before - small;
        const double down = dice_cross_entropy(batch.logits, batch.targets, 4, batch.weights, batch.kept).total;
        batch.logits[i] = before;
        CHECK(static_cast<double>(loss.gradient[i]) ==
              Approx((up - down) / (2 * static_cast<double>(small))).epsilon(0.01).scale(0.01));
    }
}

TEST_CASE("register A22: Dice counts three times as much as cross-entropy") {
    const Batch batch = drawn_batch(6, 3);
    const BatchLoss loss = dice_cross_entropy(batch.logits, batch.targets, 3, batch.weights, batch.kept);
    CHECK(loss.total == Approx((3 * loss.dice + loss.cross_entropy) / 4));
}

TEST_CASE("Dice of a perfect batch is nearly zero and of a wrong one nearly one") {
    const std::vector<float> targets{1, 0, 0, 1};
    const std::vector<float> weights{1, 1};
    const std::vector<std::size_t> kept{0, 1};
    CHECK(dice_cross_entropy(std::vector<float>{20, 0, 0, 20}, targets, 2, weights, kept).dice < 1e-3);
    CHECK(dice_cross_entropy(std::vector<float>{0, 20, 20, 0}, targets, 2, weights, kept).dice > 0.99);
}

TEST_CASE("classes that are absent from the batch have no part in Dice") {
    const std::vector<float> weights{1};
    const std::vector<std::size_t> kept{0};
    const double two = dice_cross_entropy(std::vector<float>{5, 0}, std::vector<float>{1, 0}, 2, weights, kept).dice;
    const double with_absent =
        dice_cross_entropy(std::vector<float>{5, 0, -30}, std::vector<float>{1, 0, 0}, 3, weights, kept).dice;
    CHECK(two == Approx(with_absent));
}

TEST_CASE("rows that mining left out have no gradient") {
    const Batch batch = drawn_batch(7, 4);
    const BatchLoss loss = dice_cross_entropy(batch.logits, batch.targets, 4, batch.weights, batch.kept);
    for (std::size_t c = 0; c < 4; ++c) CHECK(loss.gradient[2 * 4 + c] == 0);
    CHECK(loss.per_sample.size() == 7);
}

TEST_CASE("cross-entropy without smoothing is the log of the right class") {
    const auto losses = cross_entropies(std::vector<float>{0, 0}, std::vector<float>{1, 0}, 2, 0);
    CHECK(losses[0] == Approx(std::log(2.0)));
}

TEST_CASE("mining keeps the hardest and sets the very hardest aside") {
    std::vector<float> losses(100);
    std::iota(losses.begin(), losses.end(), 0.0F);
    const OhemChoice choice = hardest(losses, {.keep = 0.7, .suspicious = 0.02});
    CHECK(choice.suspicious == std::vector<std::size_t>{98, 99});
    CHECK(choice.kept.size() == 70);
    CHECK(choice.kept.front() == 28);
    CHECK(choice.kept.back() == 97);
}

TEST_CASE("mining of a few samples keeps at least one") {
    CHECK(hardest(std::vector<float>{1}, {.keep = 0.01, .suspicious = 0.02}).kept == std::vector<std::size_t>{0});
    CHECK(hardest({}).kept.empty());
    CHECK(hardest(std::vector<float>(16, 1.0F)).kept.size() == 12);
}

TEST_CASE("entropy and margin tell sure from unsure") {
    CHECK(entropy(std::vector<float>{0.5F, 0.5F}) == Approx(std::log(2.0)));
    CHECK(entropy(std::vector<float>{1, 0}) == 0);
    CHECK(margin(std::vector<float>{0.2F, 0.7F, 0.1F}) == Approx(0.5));
    CHECK(margin(std::vector<float>{1}) == 1);
}

TEST_CASE("what a pre-label got wrong weighs more") {
    CHECK(correction_weights(std::vector<double>{0, 1, 2}) == std::vector<double>{1, 2, 3});
    CHECK(correction_weights(std::vector<double>{0, 0}) == std::vector<double>{1, 1});
}

TEST_CASE("the temperature of scores that were made too sure brings them back") {
    Random random(2);
    std::vector<float> logits;
    std::vector<int> labels;
    for (int i = 0; i < 4000; ++i) {
        const double score = random.uniform(-3, 3);
        labels.push_back(random.uniform() < 1 / (1 + std::exp(-score)) ? 1 : 0);
        logits.insert(logits.end(), {0, static_cast<float>(3 * score)});
    }
    CHECK(fitted_temperature(logits, labels, 2) == Approx(3).epsilon(0.1));
    CHECK(fitted_temperature({}, {}, 2) == 1);
    CHECK(fitted_temperature(std::vector<float>{1}, std::vector{0}, 1) == 1);
}

TEST_CASE("probabilities of huge scores are finite and sum to one") {
    const auto p = softmax(std::vector<float>{1000, -1000, 999}, 3);
    CHECK(p[0] + p[1] + p[2] == Approx(1));
    CHECK(std::isfinite(p[1]));
}

TEST_CASE("only sure samples teach themselves") {
    const auto sure = pseudo_labels(std::vector<float>{0.9F, 0.1F, 0.5F, 0.5F, 0.2F, 0.8F}, std::vector{-1, -1, -1}, 2);
    CHECK(sure.rows == std::vector<std::size_t>{0, 2});
    CHECK(sure.confidence == std::vector<float>{0.9F, 0.8F});
    CHECK(sure.targets[3] == 0.8F);
}

TEST_CASE("a class that the model is less sure of has a lower threshold") {
    const std::vector<float> probabilities{0.9F, 0.1F, 0.45F, 0.55F, 0.44F, 0.56F};
    const std::vector<int> labels{-1, -1, -1};
    CHECK(pseudo_labels(probabilities, labels, 2, {.threshold = 0.8}).rows.size() == 1);
    CHECK(pseudo_labels(probabilities, labels, 2, {.threshold = 0.8, .per_class = true}).rows.size() == 3);
}

TEST_CASE("alignment takes back what a model says too often") {
    const std::vector<float> probabilities{0.6F, 0.4F, 0.9F, 0.1F};
    const auto aligned =
        pseudo_labels(probabilities, std::vector{0, 1}, 2, {.threshold = 0, .alignment = Alignment::labelled_share});
    CHECK(aligned.targets[1] > aligned.targets[0]);
    CHECK(aligned.targets[2] > aligned.targets[3]);
}

TEST_CASE("a held-out fifth leaves every class a sample") {
    std::vector<int> labels{-1, 0, 1, 1};
    for (int i = 0; i < 10; ++i) labels.push_back(2);
    const auto held = held_out(labels, 4, 1);
    std::vector<int> of_class(3);
    for (const std::size_t sample : held) ++of_class[static_cast<std::size_t>(labels[sample])];
    CHECK(of_class == std::vector{0, 1, 2});
    CHECK(held == held_out(labels, 4, 1));
}

TEST_CASE("unlabelled samples that cost more than two points are given up") {
    CHECK(helps(50, 52, 100));
    CHECK(helps(50, 48, 100));
    CHECK_FALSE(helps(50, 47, 100));
    CHECK_FALSE(helps(8, 6, 10));
    CHECK(helps(8, 7, 10));  // one sample is chance
}
