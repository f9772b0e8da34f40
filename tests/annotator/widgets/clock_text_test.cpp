#include "annotator/widgets/clock_text.h"

#include <doctest/doctest.h>

namespace annotator {

TEST_CASE("times are written to the millisecond, with hours where there are any") {
    CHECK(clock_text(0) == "0:00.000");
    CHECK(clock_text(4.1) == "0:04.100");
    CHECK(clock_text(59.9996) == "1:00.000");
    CHECK(clock_text(3723.045) == "1:02:03.045");
}

}  // namespace annotator
