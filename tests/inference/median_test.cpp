#include "inference/median.h"

#include <doctest/doctest.h>

using inference::median;

TEST_CASE("the median is the middle value, and the larger of two") {
    CHECK(median(std::vector{3, 1, 2}) == 2);
    CHECK(median(std::vector{4.0, 1.0, 2.0, 3.0}) == 3.0);
    CHECK(median(std::vector<float>{}) == 0);
}
