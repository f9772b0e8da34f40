#include "storage/media/presentation_times.h"

#include <doctest/doctest.h>

#include <cstdint>
#include <limits>

namespace storage {
namespace {

using Times = std::vector<std::optional<std::int64_t>>;
using Ticks = std::vector<std::int64_t>;

IncreasingTimes increasing(const Times& times, std::int64_t duration = 10) {
    return increasing_times({times, std::vector<std::int64_t>(times.size(), duration)});
}

}  // namespace

TEST_CASE("times that increase stay as they are, without a problem") {
    const IncreasingTimes times = increasing({-20, 0, 1, 50});
    CHECK(times.pts == Ticks{-20, 0, 1, 50});
    CHECK(times.problems.empty());
}

TEST_CASE("a missing time lies evenly between its neighbours") {
    const IncreasingTimes times = increasing({0, std::nullopt, std::nullopt, 30});
    CHECK(times.pts == Ticks{0, 10, 20, 30});
    REQUIRE(times.problems.size() == 1);
    CHECK(times.problems[0] == "frame 1 and 1 more: no usable time stamp; placed between the frames before and after");
}

TEST_CASE("a repeated or backward time moves and sound ones do not") {
    const IncreasingTimes times = increasing({0, 10, 10, 20, 5, 50, 60});
    CHECK(times.pts == Ticks{0, 10, 15, 20, 35, 50, 60});
    REQUIRE(times.problems.size() == 1);
    CHECK(times.problems[0] ==
          "frame 2 and 1 more: the time stamp repeats or runs backwards; moved so that times increase");
}

TEST_CASE("without room between sound times, later ones move by as little as needed") {
    CHECK(increasing({0, 0, 0, 1, 50}).pts == Ticks{0, 1, 2, 3, 50});
}

TEST_CASE("frames without any time are a usual duration apart") {
    const IncreasingTimes times = increasing({std::nullopt, std::nullopt, std::nullopt}, 7);
    CHECK(times.pts == Ticks{0, 7, 14});
    CHECK(times.problems.size() == 1);
}

TEST_CASE("missing times at the ends go on at the usual duration") {
    CHECK(increasing({std::nullopt, 100, std::nullopt, std::nullopt}).pts == Ticks{90, 100, 110, 120});
}

TEST_CASE("times at the ends of what a number holds do not overflow") {
    constexpr std::int64_t most = std::numeric_limits<std::int64_t>::max();
    const IncreasingTimes times = increasing({-most, 0, most, most}, most);
    for (std::size_t frame = 1; frame < times.pts.size(); ++frame) CHECK(times.pts[frame - 1] < times.pts[frame]);
    CHECK(times.pts[1] == 0);
}

}  // namespace storage
