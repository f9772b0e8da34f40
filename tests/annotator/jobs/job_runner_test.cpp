#include "annotator/jobs/job_runner.h"

#include <doctest/doctest.h>

#include <atomic>
#include <latch>
#include <stdexcept>

namespace annotator {
namespace {

using Finish = JobRunner::Finish;

bool is_over(JobState state) { return state != JobState::waiting && state != JobState::running; }

JobStatus status_of(const JobRunner& runner, JobId id) {
    for (const JobStatus& status : runner.statuses())
        if (status.id == id) return status;
    throw std::logic_error("there is no such job");
}

JobStatus ended(const JobRunner& runner, JobId id) {
    for (;;) {
        JobStatus status = status_of(runner, id);
        if (is_over(status.state)) return status;
        std::this_thread::yield();
    }
}

// Works until it is told to stop.
std::optional<Finish> until_stopped(const JobContext& job) {
    while (!job.stop.stop_requested()) std::this_thread::yield();
    return std::nullopt;
}

}  // namespace

TEST_CASE("what a job returns runs on the thread that drains the queue") {
    MainQueue queue;
    JobRunner runner(queue);
    std::thread::id worked, finished;
    const JobId id = runner.start(Lane::compute, "Work", [&](const JobContext&) -> std::optional<Finish> {
        worked = std::this_thread::get_id();
        return [&] { finished = std::this_thread::get_id(); };
    });
    CHECK(ended(runner, id).state == JobState::done);
    while (queue.drain() == 0) std::this_thread::yield();
    CHECK(finished == std::this_thread::get_id());
    CHECK(worked != finished);
}

TEST_CASE("a job that is over has posted its result and holds nothing any more") {
    MainQueue queue;
    JobRunner runner(queue);
    const auto held = std::make_shared<int>(7);
    for (int i = 0; i < 100; ++i) {
        const JobId id =
            runner.start(Lane::file, "Work", [held](const JobContext&) -> std::optional<Finish> { return [] {}; });
        ended(runner, id);
        REQUIRE(held.use_count() == 1);
        REQUIRE(queue.drain() == 1);
    }
    const JobId failed = runner.start(Lane::file, "Work", [held](const JobContext&) -> std::optional<Finish> {
        throw std::runtime_error(std::to_string(*held));
    });
    ended(runner, failed);
    CHECK(held.use_count() == 1);
}

TEST_CASE("a job's title and progress can be read while it runs") {
    MainQueue queue;
    JobRunner runner(queue);
    std::latch reported(1), go_on(1);
    const JobId id = runner.start(Lane::file, "Import", [&](const JobContext& job) -> std::optional<Finish> {
        job.report({"Reading", 3, 7});
        reported.count_down();
        go_on.wait();
        return Finish();
    });
    reported.wait();
    const JobStatus status = status_of(runner, id);
    CHECK(status.state == JobState::running);
    CHECK(status.title == "Import");
    CHECK(status.progress.doing == "Reading");
    CHECK(status.progress.done == 3);
    CHECK(status.progress.total == 7);
    go_on.count_down();
    CHECK(ended(runner, id).state == JobState::done);
    CHECK(queue.drain() == 0);
}

TEST_CASE("a job that is stopped has no result") {
    MainQueue queue;
    JobRunner runner(queue);
    const JobId id = runner.start(Lane::compute, "Long", until_stopped);
    runner.stop(id);
    CHECK(ended(runner, id).state == JobState::stopped);
    CHECK(queue.drain() == 0);
}

TEST_CASE("a job that is stopped while it waits never runs") {
    MainQueue queue;
    JobRunner runner(queue);
    const JobId first = runner.start(Lane::compute, "Long", until_stopped);
    std::atomic<bool> ran = false;
    const JobId second = runner.start(Lane::compute, "Next", [&](const JobContext&) -> std::optional<Finish> {
        ran = true;
        return Finish();
    });
    runner.stop(second);
    runner.stop(first);
    CHECK(ended(runner, second).state == JobState::stopped);
    CHECK(!ran);
}

TEST_CASE("a failure is kept with its reason, and the lane goes on") {
    MainQueue queue;
    JobRunner runner(queue);
    const JobId bad = runner.start(Lane::compute, "Bad", [](const JobContext&) -> std::optional<Finish> {
        throw std::runtime_error("walk.bvh: is gone");
    });
    const JobId good =
        runner.start(Lane::compute, "Good", [](const JobContext&) -> std::optional<Finish> { return Finish(); });
    CHECK(ended(runner, good).state == JobState::done);
    const JobStatus status = status_of(runner, bad);
    CHECK(status.state == JobState::failed);
    CHECK(status.error == "walk.bvh: is gone");
    CHECK(queue.drain() == 0);
}

TEST_CASE("jobs of one lane run one after the other in their order") {
    MainQueue queue;
    JobRunner runner(queue);
    std::atomic<int> at_once = 0, most = 0;
    std::vector<int> order;
    JobId last{};
    for (int i = 0; i < 20; ++i)
        last = runner.start(Lane::file, "Job", [&, i](const JobContext&) -> std::optional<Finish> {
            most = std::max<int>(most, ++at_once);
            std::this_thread::yield();
            --at_once;
            return [&order, i] { order.push_back(i); };
        });
    ended(runner, last);
    while (order.size() < 20) queue.drain();
    CHECK(most == 1);
    for (int i = 0; i < 20; ++i) CHECK(order[static_cast<std::size_t>(i)] == i);
    CHECK(runner.statuses().size() == 20);
}

TEST_CASE("a long job of one lane does not hold up the other") {
    MainQueue queue;
    JobRunner runner(queue);
    const JobId slow = runner.start(Lane::compute, "Long", until_stopped);
    const JobId quick =
        runner.start(Lane::file, "Quick", [](const JobContext&) -> std::optional<Finish> { return Finish(); });
    CHECK(ended(runner, quick).state == JobState::done);
    CHECK(!is_over(status_of(runner, slow).state));
    runner.stop(slow);
}

TEST_CASE("a runner that goes stops what runs, drops what waits and returns") {
    MainQueue queue;
    std::latch running(1);
    std::atomic<bool> second_ran = false;
    {
        JobRunner runner(queue);
        runner.start(Lane::compute, "Long", [&](const JobContext& job) {
            running.count_down();
            return until_stopped(job);
        });
        runner.start(Lane::compute, "Next", [&](const JobContext&) -> std::optional<Finish> {
            second_ran = true;
            return Finish();
        });
        running.wait();
    }
    CHECK(!second_ran);
    CHECK(queue.drain() == 0);
}

TEST_CASE("stopping a job that is over or was never there does nothing") {
    MainQueue queue;
    JobRunner runner(queue);
    const JobId id =
        runner.start(Lane::file, "Quick", [](const JobContext&) -> std::optional<Finish> { return Finish(); });
    ended(runner, id);
    runner.stop(id);
    runner.stop(JobId{99});
    CHECK(status_of(runner, id).state == JobState::done);
}

}  // namespace annotator
