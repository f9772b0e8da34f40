#include "annotator/jobs/child_process.h"

#include <doctest/doctest.h>

#include <atomic>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <thread>

#include "tests/support/temporary_folder.h"

using annotator::ChildEnd;
using annotator::ChildProcess;
using namespace std::chrono_literals;

namespace {

using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point start) { return std::chrono::duration<double>(Clock::now() - start).count(); }

class Wakes {
public:
    std::function<void()> wake() {
        return [this] { ++count_, count_.notify_all(); };
    }
    // Returns after a wake that this has not returned for yet.
    void wait() {
        count_.wait(seen_);
        seen_ = count_;
    }

private:
    std::atomic<int> count_ = 0;
    int seen_ = 0;
};

std::vector<std::string> shell(const std::string& script) { return {"/bin/sh", "-c", script}; }

struct Ended {
    ChildEnd end;
    std::vector<std::string> lines;
};

Ended run_to_end(ChildProcess& child, Wakes& wakes) {
    Ended ended;
    for (;;) {
        const bool over = child.end().has_value();
        for (std::string& line : child.take_lines()) ended.lines.push_back(std::move(line));
        if (over) break;
        wakes.wait();
    }
    ended.end = *child.end();
    return ended;
}

Ended run(const std::string& script) {
    Wakes wakes;
    ChildProcess child(shell(script), wakes.wake());
    return run_to_end(child, wakes);
}

std::string first_line(ChildProcess& child, Wakes& wakes) {
    for (;;) {
        if (const auto lines = child.take_lines(); !lines.empty()) return lines.front();
        wakes.wait();
    }
}

std::size_t open_descriptors() {
    std::size_t count = 0;
    for ([[maybe_unused]] const auto& entry : std::filesystem::directory_iterator("/proc/self/fd")) ++count;
    return count;
}

bool exists(pid_t process) { return kill(process, 0) == 0; }

}  // namespace

TEST_CASE("a child's answer, its lines and its exit code arrive") {
    const Ended ended = run("echo one >&2; echo answer; printf two >&2; exit 3");
    CHECK(ended.end.code == 3);
    CHECK(ended.end.signal == 0);
    CHECK(ended.end.output == "answer\n");
    CHECK(ended.lines == std::vector<std::string>{"one", "two"});
}

TEST_CASE("a child that prints megabytes on both ways out is read whole") {
    const Ended ended =
        run("i=0; while [ $i -lt 20000 ]; do echo aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa; "
            "echo b >&2; i=$((i+1)); done");
    CHECK(ended.end.output.size() == 20000 * 51);
    CHECK(ended.lines.size() == 20000);
}

TEST_CASE("a child hears of a cancellation at once") {
    Wakes wakes;
    ChildProcess child(shell("trap 'echo stopped; exit 1' INT; echo ready >&2; while :; do sleep 0.01; done"),
                       wakes.wake());
    CHECK(first_line(child, wakes) == "ready");
    const auto start = Clock::now();
    child.cancel();
    const Ended ended = run_to_end(child, wakes);
    CHECK(seconds_since(start) < 1);
    CHECK(ended.end.code == 1);
    CHECK(ended.end.output == "stopped\n");
}

TEST_CASE("a child that does not hear is killed after the grace") {
    Wakes wakes;
    ChildProcess child(shell("trap '' INT; echo ready >&2; while :; do sleep 0.05; done"), wakes.wake(), 100ms);
    first_line(child, wakes);
    child.cancel();
    const Ended ended = run_to_end(child, wakes);
    CHECK(ended.end.signal == SIGKILL);
    CHECK(ended.end.code == -1);
}

TEST_CASE("a paused child stands still until it goes on") {
    Wakes wakes;
    ChildProcess child(shell("echo ready >&2; i=0; while [ $i -lt 5 ]; do sleep 0.02; i=$((i+1)); done; echo end >&2"),
                       wakes.wake());
    first_line(child, wakes);
    child.pause();
    std::this_thread::sleep_for(300ms);
    CHECK(child.take_lines().empty());
    CHECK_FALSE(child.end());
    child.resume();
    CHECK(run_to_end(child, wakes).lines == std::vector<std::string>{"end"});
}

TEST_CASE("a paused child can be cancelled") {
    Wakes wakes;
    ChildProcess child(shell("echo ready >&2; while :; do sleep 0.05; done"), wakes.wake());
    first_line(child, wakes);
    child.pause();
    child.cancel();
    CHECK(run_to_end(child, wakes).end.signal == SIGINT);
}

TEST_CASE("a child that is let go of ends, with what it started, and leaves no zombie") {
    const tests::TemporaryFolder folder;
    const auto file = folder.path() / "grandchild";
    pid_t process = 0, grandchild = 0;
    {
        Wakes wakes;
        ChildProcess child(shell("sleep 100 & echo $! > " + file.string() + "; echo ready >&2; wait"), wakes.wake());
        first_line(child, wakes);
        process = child.process();
        std::ifstream(file) >> grandchild;
        REQUIRE(exists(grandchild));
    }
    CHECK_FALSE(exists(process));
    const auto start = Clock::now();
    // Its new parent has to fetch its end first.
    const auto gone = [&] {
        std::ifstream status("/proc/" + std::to_string(grandchild) + "/stat");
        std::string text;
        std::getline(status, text);
        return text.empty() || text.find(") Z ") != std::string::npos;
    };
    while (!gone() && seconds_since(start) < 5) std::this_thread::yield();
    CHECK(gone());
}

TEST_CASE("a program that is not there says so") {
    Wakes wakes;
    ChildProcess child({"/no/such/program"}, wakes.wake());
    const Ended ended = run_to_end(child, wakes);
    CHECK(ended.end.code == 127);
    CHECK(ended.lines == std::vector<std::string>{"the program cannot be started"});
}

TEST_CASE("children leave no open files here and get none of ours") {
    run("true");
    const std::size_t before = open_descriptors();
    const std::ifstream ours("/proc/self/status");
    for (int i = 0; i < 5; ++i) CHECK(run("ls /proc/self/fd | wc -l").end.output == "4\n");
    CHECK(open_descriptors() == before + 1);
}
