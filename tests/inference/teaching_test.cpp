#include "inference/teaching.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <set>
#include <stdexcept>

using namespace inference;
using doctest::Approx;

namespace {

Untaught untaught(std::size_t samples, double labels_a_class = 5) {
    Untaught made;
    for (std::size_t i = 0; i < samples; ++i) made.samples.push_back(10 + i);
    made.labels_a_class = labels_a_class;
    return made;
}

// Whose running means stay what they are at first.
TeachingOptions still() {
    TeachingOptions options;
    options.memory = 1;
    options.ramp = 0;
    return options;
}

// Logits that say these probabilities.
std::vector<float> logits(std::initializer_list<double> probabilities) {
    std::vector<float> made;
    for (const double p : probabilities) made.push_back(static_cast<float>(std::log(p)));
    return made;
}

}  // namespace

TEST_CASE("three unlabelled samples come for each labelled one, every one once before any comes again") {
    const Untaught samples = untaught(12);
    const TeachingOptions options;
    Random random(1);
    Teaching teaching(samples, 2, {}, options, 100, random);
    for (int round = 0; round < 2; ++round) {
        const auto batch = teaching.batch(4);
        CHECK(batch.size() == 12);
        CHECK(std::set<std::size_t>(batch.begin(), batch.end()).size() == 12);
        CHECK(std::ranges::max(batch) == 11);
    }
}

TEST_CASE("what is unlabelled counts more with the steps, and with the labels a class up to five") {
    const TeachingOptions options;
    Random random(1);
    const auto weight = [&](double labels, int step) {
        const Untaught samples = untaught(1, labels);
        return Teaching(samples, 2, {}, options, 100, random).weight(step);
    };
    CHECK(weight(5, 0) == 0);
    CHECK(weight(5, 15) == Approx(0.25));
    CHECK(weight(5, 30) == Approx(1));
    CHECK(weight(5, 90) == Approx(1));
    CHECK(weight(50, 90) == Approx(1));
    CHECK(weight(1, 90) == Approx(0.2));
}

TEST_CASE("only what the teacher is sure of is learnt as a label, the rest draws near what it says") {
    const Untaught samples = untaught(2);
    TeachingOptions options = still();
    Random random(1);
    const std::vector<std::size_t> batch{0, 1};
    const std::vector<Side> sides(2, Side::as_recorded);
    const auto teacher = logits({0.95, 0.05, 0.6, 0.4}), student = logits({0.5, 0.5, 0.5, 0.5});
    Teaching teaching(samples, 2, {}, options, 100, random);
    const TaughtLoss loss = teaching.loss(50, teacher, student, batch, sides);
    CHECK(loss.sure == Approx(0.5));
    // -log 0.5 of the first, and half the squared distances of both, over two rows.
    CHECK(loss.total == Approx((std::log(2) + 0.5 * 2 * 0.45 * 0.45 + 0.5 * 2 * 0.1 * 0.1) / 2));
    options.consistency = 0;
    Teaching labels_alone(samples, 2, {}, options, 100, random);
    const TaughtLoss plain = labels_alone.loss(50, teacher, student, batch, sides);
    CHECK(plain.total == Approx(std::log(2) / 2));
    CHECK(plain.gradient[0] == Approx(-0.25));
    CHECK(plain.gradient[1] == Approx(0.25));
    CHECK(plain.gradient[2] == 0);
}

TEST_CASE("the gradient is that of the loss") {
    const Untaught samples = untaught(3, 2);
    const TeachingOptions options = still();
    const std::vector<int> partners{1, 0, 2};
    const std::vector<std::size_t> batch{0, 1, 2};
    const std::vector<Side> sides{Side::as_recorded, Side::mirrored, Side::mirrored};
    const auto teacher = logits({0.96, 0.02, 0.02, 0.03, 0.95, 0.02, 0.5, 0.3, 0.2});
    std::vector<float> student{0.3F, -0.2F, 0.9F, 1.1F, 0.4F, -0.7F, 0.2F, 0.1F, 0.0F};
    const auto loss = [&] {
        Random random(1);
        return Teaching(samples, 3, partners, options, 100, random).loss(20, teacher, student, batch, sides);
    };
    const TaughtLoss at = loss();
    CHECK(at.sure == Approx(2.0 / 3));
    for (std::size_t i = 0; i < student.size(); ++i) {
        const float before = student[i];
        student[i] = before + 1e-2F;
        const double more = loss().total;
        student[i] = before - 1e-2F;
        const double less = loss().total;
        student[i] = before;
        CHECK(static_cast<double>(at.gradient[i]) == Approx((more - less) / 2e-2).epsilon(1e-3));
    }
}

TEST_CASE("a mirrored view is taught the label of the mirrored motion") {
    const Untaught samples = untaught(1);
    TeachingOptions options = still();
    options.consistency = 0;
    const std::vector<int> partners{1, 0, 2};
    const std::vector<std::size_t> batch{0};
    const auto teacher = logits({0.96, 0.02, 0.02}), student = logits({0.2, 0.3, 0.5});
    const auto total = [&](Side side) {
        Random random(1);
        const std::vector<Side> sides{side};
        return Teaching(samples, 3, partners, options, 100, random).loss(50, teacher, student, batch, sides).total;
    };
    CHECK(total(Side::as_recorded) == Approx(-std::log(0.2)));
    CHECK(total(Side::mirrored) == Approx(-std::log(0.3)));
}

TEST_CASE("what the teacher says too often is held against it") {
    const Untaught samples = untaught(1);
    TeachingOptions options = still();
    options.memory = 0.5;
    options.threshold = options.floor = 0.6;
    options.consistency = 0;
    Random random(1);
    Teaching teaching(samples, 2, {}, options, 100, random);
    const std::vector<std::size_t> batch{0};
    const std::vector<Side> sides(1, Side::as_recorded);
    const auto student = logits({0.5, 0.5});
    // Again and again the first class, until that is no news.
    for (int i = 0; i < 20; ++i) (void)teaching.loss(50, logits({0.95, 0.05}), student, batch, sides);
    CHECK(teaching.state().means[0] == Approx(0.95).epsilon(0.01));
    CHECK(teaching.loss(50, logits({0.95, 0.05}), student, batch, sides).sure == 0);
    // A single hint at the second says more than it would have at first.
    const TaughtLoss hint = teaching.loss(50, logits({0.45, 0.55}), student, batch, sides);
    CHECK(hint.sure == 1);
    CHECK(hint.gradient[1] < 0);
}

TEST_CASE("a class that the teacher is less sure of has a lower threshold, but none below the floor") {
    const Untaught samples = untaught(2);
    TeachingOptions options = still();
    options.consistency = 0;
    Random random(1);
    Teaching teaching(samples, 2, {}, options, 100, random);
    const std::vector<std::size_t> batch{0, 1};
    const std::vector<Side> sides(2, Side::as_recorded);
    const auto student = logits({0.5, 0.5, 0.5, 0.5});
    const auto sure = [&](float second) {
        Teaching::State state = teaching.state();
        state.confidence = {1.0F, second};
        teaching.go_on_from(state);
        // One of each class, at 0.85 both.
        return teaching.loss(50, logits({0.85, 0.15, 0.15, 0.85}), student, batch, sides).sure;
    };
    CHECK(sure(1.0F) == 0);            // 0.9 for both
    CHECK(sure(0.9F) == Approx(0.5));  // 0.81 for the second
    CHECK(sure(0.1F) == Approx(0.5));  // 0.7, the floor
    const auto below_floor = logits({0.85, 0.15, 0.31, 0.69});
    CHECK(teaching.loss(50, below_floor, student, batch, sides).sure == 0);
}

TEST_CASE("the nearest labelled motions say their part of what is taught") {
    Untaught samples = untaught(1);
    TeachingOptions options = still();
    options.consistency = 0;
    const std::vector<std::size_t> batch{0};
    const std::vector<Side> sides(1, Side::as_recorded);
    Random random(1);
    const auto sure = [&] {
        return Teaching(samples, 2, {}, options, 100, random)
            .loss(50, logits({0.5, 0.5}), logits({0.5, 0.5}), batch, sides)
            .sure;
    };
    CHECK(sure() == 0);
    samples.nearest = logits({0.97, 0.03});
    CHECK(sure() == 1);
}

TEST_CASE("one that is given another's state goes on as that one would, and none of another set") {
    const Untaught samples = untaught(7);
    const TeachingOptions options;
    Random first_random(1), second_random(9);
    Teaching first(samples, 2, {}, options, 100, first_random), second(samples, 2, {}, options, 100, second_random);
    const std::vector<Side> sides(3, Side::as_recorded);
    const auto teacher = logits({0.9, 0.1, 0.2, 0.8, 0.7, 0.3}), student = logits({0.5, 0.5, 0.4, 0.6, 0.3, 0.7});
    (void)first.loss(40, teacher, student, first.batch(1), sides);
    second.go_on_from(first.state());
    second_random.go_on_from(first_random.state());
    for (int step = 41; step < 45; ++step) {
        const auto batch = first.batch(1);
        REQUIRE(batch == second.batch(1));
        const TaughtLoss a = first.loss(step, teacher, student, batch, sides);
        const TaughtLoss b = second.loss(step, teacher, student, batch, sides);
        CHECK(a.total == b.total);
        CHECK(a.gradient == b.gradient);
    }
    Teaching::State wrong = first.state();
    wrong.queue = {7};
    CHECK_THROWS_AS(second.go_on_from(wrong), std::invalid_argument);
    wrong = first.state();
    wrong.means.push_back(0);
    CHECK_THROWS_AS(second.go_on_from(wrong), std::invalid_argument);
}

TEST_CASE("where the teacher says what is no number nothing is taught, and nothing remembered") {
    const Untaught samples = untaught(1);
    const TeachingOptions options = still();
    Random random(1);
    Teaching teaching(samples, 2, {}, options, 100, random);
    const std::vector<Side> sides(1, Side::as_recorded);
    const std::vector<float> nonsense{std::nanf(""), 1};
    const std::vector<std::size_t> batch{0};
    const TaughtLoss loss = teaching.loss(50, nonsense, logits({0.5, 0.5}), batch, sides);
    CHECK(loss.total == 0);
    CHECK(loss.gradient == std::vector<float>{0, 0});
    CHECK(teaching.state().means == std::vector<float>{0.5F, 0.5F});
}
