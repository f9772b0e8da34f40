#include "inference/random.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <numeric>

using doctest::Approx;
using inference::Random;

TEST_CASE("the same seed draws the same numbers and another seed others") {
    Random a(1), b(1), c(2);
    CHECK(a.bits() == b.bits());
    CHECK(a.bits() != c.bits());
}

TEST_CASE("uniform and normal numbers have the mean and spread that they should") {
    Random random(3);
    double sum = 0, squares = 0, uniform = 0;
    for (int i = 0; i < 20000; ++i) {
        const double value = random.normal();
        sum += value;
        squares += value * value;
        uniform += random.uniform(2, 4);
    }
    CHECK(std::abs(sum / 20000) < 0.03);
    CHECK(squares / 20000 == Approx(1).epsilon(0.05));
    CHECK(uniform / 20000 == Approx(3).epsilon(0.01));
}

TEST_CASE("a permutation holds everything once") {
    Random random(4);
    auto order = random.permutation(100);
    CHECK_FALSE(std::ranges::is_sorted(order));
    std::ranges::sort(order);
    std::vector<std::size_t> all(100);
    std::iota(all.begin(), all.end(), std::size_t{0});
    CHECK(order == all);
    CHECK(random.permutation(0).empty());
}

TEST_CASE("dropout loses its share and keeps the mean") {
    Random random(5);
    std::vector<float> mask(50001);
    random.dropout_mask(mask, 0.3);
    const auto lost = static_cast<double>(std::ranges::count(mask, 0.0F));
    CHECK(lost / 50001 == Approx(0.3).epsilon(0.05));
    CHECK(std::accumulate(mask.begin(), mask.end(), 0.0) / 50001 == Approx(1).epsilon(0.02));
    random.dropout_mask(mask, 0);
    CHECK(std::ranges::count(mask, 1.0F) == 50001);
}
