#include "annotator/widgets/clock_text.h"

#include <doctest/doctest.h>

using namespace annotator;

TEST_CASE("times read like a clock") {
    CHECK(clock_text(0) == "0:00.000");
    CHECK(clock_text(62.345) == "1:02.345");
    CHECK(clock_text(3723.004) == "1:02:03.004");
    CHECK(clock_text(59.9996) == "1:00.000");
}
