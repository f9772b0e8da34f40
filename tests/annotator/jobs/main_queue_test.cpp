#include "annotator/jobs/main_queue.h"

#include <doctest/doctest.h>

#include <atomic>
#include <stdexcept>
#include <thread>

namespace annotator {

TEST_CASE("work runs in the order in which it was posted, and once") {
    MainQueue queue;
    std::vector<int> ran;
    for (int i = 0; i < 3; ++i) queue.post([&ran, i] { ran.push_back(i); });
    CHECK(queue.drain() == 3);
    CHECK(ran == std::vector<int>{0, 1, 2});
    CHECK(queue.drain() == 0);
}

TEST_CASE("what is posted while the queue is drained waits for the next time") {
    MainQueue queue;
    int ran = 0;
    queue.post([&] { queue.post([&ran] { ++ran; }); });
    CHECK(queue.drain() == 1);
    CHECK(ran == 0);
    CHECK(queue.drain() == 1);
    CHECK(ran == 1);
}

TEST_CASE("when work throws, the rest of the queue runs all the same") {
    MainQueue queue;
    int ran = 0;
    queue.post([&] { ++ran; });
    queue.post([] { throw std::runtime_error("the disk is gone"); });
    queue.post([] { throw std::runtime_error("so is this"); });
    queue.post([&] { ++ran; });
    CHECK_FALSE(queue.empty());
    CHECK_THROWS_WITH(queue.drain(), "the disk is gone");
    CHECK(ran == 2);
    CHECK(queue.empty());
    CHECK(queue.drain() == 0);
}

TEST_CASE("each post wakes the window") {
    int woken = 0;
    MainQueue queue([&woken] { ++woken; });
    queue.post([] {});
    queue.post([] {});
    CHECK(woken == 2);
}

TEST_CASE("nothing that many threads post is lost") {
    MainQueue queue;
    std::atomic<int> ran = 0;
    {
        std::vector<std::jthread> threads;
        for (int thread = 0; thread < 4; ++thread)
            threads.emplace_back([&] {
                for (int i = 0; i < 1000; ++i) queue.post([&ran] { ++ran; });
            });
    }
    CHECK(queue.drain() == 4000);
    CHECK(ran == 4000);
}

}  // namespace annotator
