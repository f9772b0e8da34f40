#include "annotator/widgets/clock_text.h"

#include <doctest/doctest.h>

#include <ctime>

namespace annotator {

TEST_CASE("times are written to the millisecond, with hours where there are any") {
    CHECK(clock_text(0) == "0:00.000");
    CHECK(clock_text(4.1) == "0:04.100");
    CHECK(clock_text(59.9996) == "1:00.000");
    CHECK(clock_text(3723.045) == "1:02:03.045");
}

TEST_CASE("dates are written with the month's name, and with the time of the day") {
    std::tm local{};
    local.tm_year = 126;
    local.tm_mon = 2;
    local.tm_mday = 7;
    local.tm_hour = 14;
    local.tm_min = 5;
    local.tm_isdst = -1;
    CHECK(date_text(1'000'000LL * std::mktime(&local)) == "7 Mar 2026, 14:05");
}

}  // namespace annotator
