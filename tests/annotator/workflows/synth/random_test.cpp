#include "annotator/workflows/synth/random.h"

#include <doctest/doctest.h>

#include <cmath>

namespace annotator::synth {

TEST_CASE("a seed draws the numbers that it draws on every machine") {
    std::mt19937_64 engine(42);
    const double expected = static_cast<double>(engine() >> 11U) / 9007199254740992.0;
    CHECK(Random(42).uniform(0, 1) == expected);
    CHECK(std::mt19937_64(42)() == 13930160852258120406ULL);
}

TEST_CASE("random streams of different paths differ") {
    CHECK(Random(1, {2, 3}).uniform(0, 1) != Random(1, {3, 2}).uniform(0, 1));
    CHECK(Random(1, {2, 3}).uniform(0, 1) != Random(2, {2, 3}).uniform(0, 1));
    CHECK(Random(1, {2, 3}).uniform(0, 1) == Random(1, {2, 3}).uniform(0, 1));
}

TEST_CASE("Gaussian draws have mean 0 and deviation 1") {
    Random random(7);
    constexpr int draws = 20000;
    double sum = 0, squares = 0;
    for (int draw = 0; draw < draws; ++draw) {
        const double value = random.gaussian();
        sum += value;
        squares += value * value;
    }
    CHECK(std::abs(sum / draws) < 0.03);
    CHECK(std::sqrt(squares / draws) == doctest::Approx(1).epsilon(0.03));
}

}  // namespace annotator::synth
