#include "schemas/alignment.h"

#include <doctest/doctest.h>

#include <stdexcept>

namespace schemas {
namespace {

FrameTable times(std::vector<double> seconds) { return {std::move(seconds), {}}; }

}  // namespace

TEST_CASE("a stream without times gets them from its rate") {
    CHECK(evenly_spaced(3, {30'000, 1'001}).seconds ==
          std::vector{0.0, 1 / (30'000.0 / 1'001), 2 / (30'000.0 / 1'001)});
    CHECK(evenly_spaced(0, {25, 1}).frames() == 0);
    CHECK_THROWS_AS((void)evenly_spaced(1, {0, 1}), std::invalid_argument);
}

TEST_CASE("the nearest frame is found by its time, the earlier of two equally near ones") {
    const FrameTable table = times({0, 0.5, 1, 5});
    CHECK(nearest_frame(table, -3) == 0);
    CHECK(nearest_frame(table, 0.24) == 0);
    CHECK(nearest_frame(table, 0.25) == 0);
    CHECK(nearest_frame(table, 0.26) == 1);
    CHECK(nearest_frame(table, 3.1) == 3);
    CHECK(nearest_frame(table, 99) == 3);
}

TEST_CASE("of frames that are shown at one time the first is the nearest") {
    CHECK(nearest_frame(times({0, 1, 1, 1, 2}), 1.1) == 1);
    CHECK(nearest_frame(times({0, 1, 1, 1, 2}), 0.9) == 1);
}

TEST_CASE("streams of other rates are aligned by their times, with offset and clock ratio") {
    const FrameTable reference = evenly_spaced(10, {10, 1}), other = evenly_spaced(60, {30, 1});
    CHECK(aligned_frame(reference, 4, other, {1, 0}) == 12);
    CHECK(aligned_frame(reference, 4, other, {1, 0.5}) == 27);
    CHECK(aligned_frame(reference, 4, other, {2, 0.5}) == 39);
}

TEST_CASE("a stream that had not begun or was over shows nothing") {
    const FrameTable reference = evenly_spaced(10, {10, 1}), other = evenly_spaced(3, {10, 1});
    CHECK(aligned_frame(reference, 2, other, {1, 0}) == 2);
    CHECK_FALSE(aligned_frame(reference, 3, other, {1, 0}));
    CHECK_FALSE(aligned_frame(reference, 0, other, {1, -0.1}));
    CHECK(aligned_frame(reference, 0, other, {1, -0.04}) == 0);
    CHECK_FALSE(aligned_frame(reference, 0, times({}), {1, 0}));
}

}  // namespace schemas
