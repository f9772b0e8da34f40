#include "inference/maximum_entropy.h"

#include <doctest/doctest.h>

#include <cmath>

#include "inference/random.h"

using namespace inference;

namespace {

GreyHistogram bars(const std::vector<std::pair<std::size_t, std::uint64_t>>& counts) {
    GreyHistogram histogram{};
    for (const auto& [bin, count] : counts) histogram[bin] = count;
    return histogram;
}

// Word for word after the paper, with probabilities.
double sum_of_entropies(const GreyHistogram& histogram, std::size_t t) {
    double total = 0;
    for (const std::uint64_t count : histogram) total += static_cast<double>(count);
    double below = 0;
    for (std::size_t i = 0; i <= t; ++i) below += static_cast<double>(histogram[i]) / total;
    double entropy = 0;
    for (std::size_t i = 0; i < histogram.size(); ++i) {
        const double share = static_cast<double>(histogram[i]) / total / (i <= t ? below : 1 - below);
        if (share > 0) entropy -= share * std::log(share);
    }
    return entropy;
}

GreyHistogram random_histogram(Random& random) {
    GreyHistogram histogram{};
    for (std::uint64_t& bin : histogram) bin = random.below(3) == 0 ? random.below(1000) : 0;
    histogram[3] = 1, histogram[200] = 5;
    return histogram;
}

}  // namespace

TEST_CASE("the threshold is where the sum of both entropies is largest") {
    Random random(7);
    for (int round = 0; round < 50; ++round) {
        const GreyHistogram histogram = random_histogram(random);
        const auto found = maximum_entropy_bin(histogram);
        REQUIRE(found);
        for (std::size_t t = 3; t < 200; ++t)
            CHECK(sum_of_entropies(histogram, t) <= sum_of_entropies(histogram, *found) + 1e-9);
    }
}

TEST_CASE("of equal sums the lowest bin is the threshold") {
    // Bins 11 to 199 are empty, so that every threshold from 10 to 199 parts the same.
    CHECK(maximum_entropy_bin(bars({{0, 5}, {10, 5}, {200, 5}, {210, 5}})) == 10);
    // Mirrored: the last threshold with the largest sum would be another.
    CHECK(maximum_entropy_bin(bars({{0, 1}, {1, 1}, {2, 1}})) == 0);
}

TEST_CASE("each part's entropy is of its own shares, not of the whole picture's") {
    // Without dividing by P_t the many dark pixels would pull the threshold up to bin 3.
    const GreyHistogram histogram = bars({{0, 4000}, {1, 4000}, {2, 4000}, {3, 4000}, {100, 1}, {101, 1}, {102, 1}});
    const auto found = maximum_entropy_bin(histogram);
    REQUIRE(found);
    CHECK(*found == 3);
    CHECK(sum_of_entropies(histogram, 3) == doctest::Approx(std::log(4) + std::log(3)));
}

TEST_CASE("what is all of one value cannot be parted") {
    CHECK_FALSE(maximum_entropy_bin(GreyHistogram{}));
    CHECK_FALSE(maximum_entropy_bin(bars({{7, 100}})));
    CHECK_FALSE(maximum_entropy_threshold(std::vector<std::uint8_t>(50, 9)));
    CHECK_FALSE(maximum_entropy_threshold(std::vector<std::uint16_t>{}));
    CHECK_FALSE(maximum_entropy_threshold(std::vector<std::uint16_t>(50, 0)));
}

TEST_CASE("a grey picture is parted between its dark and its bright half") {
    std::vector<std::uint8_t> grey;
    for (int i = 0; i < 1024; ++i) grey.push_back(static_cast<std::uint8_t>(i % 2 == 0 ? 20 + i / 32 : 180 + i / 32));
    const auto threshold = maximum_entropy_threshold(grey);
    REQUIRE(threshold);
    CHECK(*threshold == 51);
}

TEST_CASE("holes are no part of a depth picture, and one far outlier does not decide") {
    std::vector<std::uint16_t> depth(5000, 0);  // counted, they would be the nearest part
    for (int i = 0; i < 1000; ++i) {
        depth.push_back(static_cast<std::uint16_t>(2000 + i % 200));
        depth.push_back(static_cast<std::uint16_t>(3500 + i % 200));
    }
    depth.push_back(65535);  // by the largest value all others would share 7 of 256 bins
    const auto threshold = maximum_entropy_threshold(depth);
    REQUIRE(threshold);
    CHECK(*threshold >= 2199);
    CHECK(*threshold < 3500);
    const std::vector<std::uint8_t> mask = nearer_part(depth, *threshold);
    CHECK(mask[0] == 0);
    CHECK(mask[5000] == 1);
    CHECK(mask[5001] == 0);
    CHECK(mask.back() == 0);
}

TEST_CASE("the threshold is the largest value of its bin, also where values are wider or narrower than bins") {
    CHECK(maximum_entropy_threshold(std::vector<std::uint16_t>{5, 6, 5, 6, 6, 5}) == 5);
    std::vector<std::uint16_t> wide;
    for (int i = 0; i < 300; ++i) wide.push_back(static_cast<std::uint16_t>(i % 2 == 0 ? 1 + i : 60000 + i));
    const auto threshold = maximum_entropy_threshold(wide);
    REQUIRE(threshold);
    CHECK(*threshold >= 299);
    CHECK(*threshold < 60000);
}
