#include "annotator/views/take_toolbar.h"

#include <doctest/doctest.h>

namespace annotator {

TEST_CASE("speeds are written as people say them") {
    CHECK(speed_text(1) == "1×");
    CHECK(speed_text(0.25) == "1/4×");
    CHECK(speed_text(-2) == "−2×");
    CHECK(speed_text(-0.125) == "−1/8×");
}

}  // namespace annotator
