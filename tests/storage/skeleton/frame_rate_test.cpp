#include "storage/skeleton/frame_rate.h"

#include <doctest/doctest.h>

using schemas::FrameRate;
using storage::rate_from_measured;
using storage::rate_from_period;

TEST_CASE("rounded frame times mean usual rates") {
    CHECK(rate_from_period(".0083333") == FrameRate{120, 1});
    CHECK(rate_from_period("0.008333") == FrameRate{120, 1});
    CHECK(rate_from_period("0.0083") == FrameRate{120, 1});
    CHECK(rate_from_period("0.0083330000") == FrameRate{120, 1});
    CHECK(rate_from_period("8.33333e-03") == FrameRate{120, 1});
    CHECK(rate_from_period("0.033333") == FrameRate{30, 1});
    CHECK(rate_from_period("0.03") == FrameRate{30, 1});
    CHECK(rate_from_period("0.0416667") == FrameRate{24, 1});
    CHECK(rate_from_period("0.01") == FrameRate{100, 1});
    CHECK(rate_from_period("0.002") == FrameRate{500, 1});
}

TEST_CASE("television rates are told from whole ones where there are digits enough") {
    CHECK(rate_from_period("0.0333667") == FrameRate{30000, 1001});
    CHECK(rate_from_period("0.0166833") == FrameRate{60000, 1001});
    CHECK(rate_from_period("0.0333333") == FrameRate{30, 1});
}

TEST_CASE("an unusual period is kept exactly") {
    CHECK(rate_from_period("0.4") == FrameRate{5, 2});
    CHECK(rate_from_period("1") == FrameRate{1, 1});
}

TEST_CASE("what is no period is refused") {
    for (const char* text : {"0", "-0.01", "nan", "inf", "", "x", "1e-9", "1e9"}) CHECK_FALSE(rate_from_period(text));
}

TEST_CASE("a measured rate is the usual one within 2 percent") {
    CHECK(rate_from_measured(30.3) == FrameRate{30, 1});
    CHECK(rate_from_measured(37.1234) == FrameRate{37123, 1000});
}
