#include "annotator/widgets/line_chart.h"

#include <doctest/doctest.h>

using annotator::round_ticks;

TEST_CASE("the figures beside a chart are round") {
    CHECK(round_ticks(0, 1, 4) == std::vector<double>{0, 0.5, 1});
    CHECK(round_ticks(0, 1800, 6) == std::vector<double>{0, 500, 1000, 1500});
    CHECK(round_ticks(12, 37, 5) == std::vector<double>{15, 20, 25, 30, 35});
}

TEST_CASE("a chart of one value has one figure") { CHECK(round_ticks(3, 3, 4) == std::vector<double>{3}); }
