#include "annotator/views/take_toolbar.h"

#include <doctest/doctest.h>

namespace annotator {

TEST_CASE("times are written to the millisecond, with hours where there are any") {
    CHECK(clock_text(0) == "0:00.000");
    CHECK(clock_text(4.1) == "0:04.100");
    CHECK(clock_text(59.9996) == "1:00.000");
    CHECK(clock_text(3723.045) == "1:02:03.045");
}

TEST_CASE("speeds are written as people say them") {
    CHECK(speed_text(1) == "1×");
    CHECK(speed_text(0.25) == "1/4×");
    CHECK(speed_text(-2) == "−2×");
    CHECK(speed_text(-0.125) == "−1/8×");
}

}  // namespace annotator
