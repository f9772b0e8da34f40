#include "inference/parallel.h"

#include <doctest/doctest.h>

#include <atomic>
#include <stdexcept>
#include <vector>

using namespace inference;

TEST_CASE("every index is worked on once, whatever the number of threads") {
    for (const int threads : {1, 2, 8}) {
        std::vector<std::atomic<int>> times(100);
        CHECK(for_each_index(100, threads, {}, [&](std::size_t i) { ++times[i]; }));
        for (const auto& count : times) CHECK(count == 1);
    }
    CHECK(for_each_index(0, 4, {}, [](std::size_t) { FAIL("there is nothing to do"); }));
}

TEST_CASE("the first failure ends the work and is passed on") {
    CHECK_THROWS_AS(for_each_index(1000, 3, {},
                                   [](std::size_t i) {
                                       if (i == 5) throw std::runtime_error("five");
                                   }),
                    std::runtime_error);
}

TEST_CASE("work that was stopped half-way says so") {
    std::stop_source stop;
    std::atomic<int> done = 0;
    CHECK_FALSE(for_each_index(1000, 2, stop.get_token(), [&](std::size_t) {
        if (++done == 10) stop.request_stop();
    }));
    CHECK(done < 1000);
}
