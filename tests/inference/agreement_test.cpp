#include "inference/agreement.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <stdexcept>

#include "inference/random.h"
#include "inference/segmentation_metrics.h"

using namespace inference;

TEST_CASE("names that say the same have all their information in common, and others none") {
    const std::vector<int> a{0, 0, 1, 1, 2, 2, -1}, renamed{5, 5, 3, 3, 0, 0, 1}, unrelated{0, 1, 0, 1, 0, 1, 0};
    CHECK(normalised_mutual_information(a, renamed) == doctest::Approx(1));
    CHECK(normalised_mutual_information(a, unrelated) == doctest::Approx(0));
    // Half of the pairs of {0, 1} x {0, 1} apart from one: by hand, natural logarithms.
    const std::vector<int> x{0, 0, 0, 1}, y{0, 0, 1, 1};
    const double mutual = 0.5 * std::log(0.5 / (0.75 * 0.5)) + 0.25 * std::log(0.25 / (0.75 * 0.5)) +
                          0.25 * std::log(0.25 / (0.25 * 0.5));
    const double hx = -0.75 * std::log(0.75) - 0.25 * std::log(0.25), hy = std::log(2.0);
    CHECK(normalised_mutual_information(x, y) == doctest::Approx(2 * mutual / (hx + hy)).epsilon(1e-12));
    CHECK(normalised_mutual_information(std::vector<int>{1, 1}, std::vector<int>{0, 0}) == 1);
    CHECK(normalised_mutual_information({}, {}) == 0);
    CHECK_THROWS_AS((void)normalised_mutual_information(a, x), std::invalid_argument);
}

TEST_CASE("Krippendorff's alpha is that of his own example") {
    // Krippendorff 2011, "Computing Krippendorff's alpha-reliability", C: four observers, twelve units.
    const std::vector<std::vector<int>> observers{{1, 2, 3, 3, 2, 1, 4, 1, 2, -1, -1, -1},
                                                  {1, 2, 3, 3, 2, 2, 4, 1, 2, 5, -1, 3},
                                                  {-1, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, -1},
                                                  {1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, -1}};
    CHECK(*krippendorff_alpha(observers) == doctest::Approx(0.743).epsilon(1e-3));
    const std::vector<std::vector<int>> alike{{0, 1, 2}, {0, 1, 2}}, one{{0, 1, -1}, {-1, -1, 2}};
    CHECK(*krippendorff_alpha(alike) == 1);
    CHECK_FALSE(krippendorff_alpha(one).has_value());
    CHECK_FALSE(krippendorff_alpha({}).has_value());
    CHECK_THROWS_AS((void)krippendorff_alpha(std::vector<std::vector<int>>{{0, 1}, {0}}), std::invalid_argument);
}

TEST_CASE("boundaries agree by the share of all that both have") {
    const std::vector<schemas::FrameIndex> a{10, 20, 30}, b{12, 29, 50};
    CHECK(boundary_agreement(a, b, 3) == doctest::Approx(2.0 / 4));
    CHECK(boundary_agreement(a, b, 1) == doctest::Approx(1.0 / 5));
    CHECK(boundary_agreement(a, a, 0) == 1);
    CHECK(boundary_agreement({}, {}, 3) == 1);
    CHECK(boundary_agreement(a, {}, 3) == 0);
}

TEST_CASE("few primitives share no unit, many go to the unit they came with most often") {
    // Both come most often with unit 0; together most appearances are explained when the second one takes unit 1.
    const PrimitiveNames few = names_of_primitives(std::vector<int>{9, 1, 0, 6, 5, 0}, 2, 3);
    CHECK(few.unit == std::vector<int>{0, 1});
    CHECK(few.purity[0] == doctest::Approx(0.9));
    CHECK(few.purity[1] == doctest::Approx(5.0 / 11));
    const PrimitiveNames many = names_of_primitives(std::vector<int>{9, 1, 6, 5, 0, 0}, 3, 2);
    CHECK(many.unit == std::vector<int>{0, 0, -1});
    CHECK(many.purity[2] == 0);
    CHECK_THROWS_AS((void)names_of_primitives(std::vector<int>{1, 2, 3}, 2, 2), std::invalid_argument);
}

TEST_CASE("the assignment of primitives is the best of all permutations") {
    Random random(5);
    for (int round = 0; round < 200; ++round) {
        const int primitives = 1 + static_cast<int>(random.below(5)),
                  units = primitives + static_cast<int>(random.below(2));
        std::vector<int> counts(static_cast<std::size_t>(primitives * units));
        for (int& count : counts) count = 1 + static_cast<int>(random.below(20));
        const auto explained = [&](const std::vector<int>& unit) {
            int sum = 0;
            for (int p = 0; p < primitives; ++p)
                sum += counts[static_cast<std::size_t>(p * units + unit[static_cast<std::size_t>(p)])];
            return sum;
        };
        std::vector<int> order(static_cast<std::size_t>(units));
        std::iota(order.begin(), order.end(), 0);
        int best = 0;
        do best = std::max(best, explained(order));
        while (std::next_permutation(order.begin(), order.end()));
        CHECK(explained(names_of_primitives(counts, primitives, units).unit) == best);
    }
}

TEST_CASE("sequences match by what need not be changed") {
    CHECK(sequence_match(std::vector<int>{1, 2, 3}, std::vector<int>{1, 2, 3}) == 1);
    CHECK(sequence_match(std::vector<int>{1, 2, 3, 4}, std::vector<int>{1, 3, 4}) == doctest::Approx(0.75));
    CHECK(sequence_match(std::vector<int>{1}, std::vector<int>{2, 3}) == 0);
    CHECK(sequence_match({}, {}) == 1);
    CHECK(sequence_match({}, std::vector<int>{2}) == 0);
}
