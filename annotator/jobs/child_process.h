#pragma once

#include <sys/types.h>

#include <chrono>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

namespace annotator {

// How a child ended.
struct ChildEnd {
    int code = -1;       // the exit code; -1 when a signal ended it
    int signal = 0;      // that ended it; 0 when it ended by itself
    std::string output;  // everything from standard output
};

// A program that runs beside this one, in a process group of its own. A thread reads what it prints, so that nobody
// waits for it. It dies with the thread that started it, whatever happens.
//
// Thread: the one that made it, which has to live as long as the child.
class ChildProcess {
public:
    // The first word is the program's file. `wake` is called on the reading thread when take_lines() or end()
    // have something new. Throws std::system_error when it cannot be started.
    ChildProcess(const std::vector<std::string>& command, std::function<void()> wake,
                 std::chrono::milliseconds grace = std::chrono::seconds(2));
    // Cancels what still runs, and waits: for the grace at most.
    ~ChildProcess();
    ChildProcess(const ChildProcess&) = delete;
    ChildProcess& operator=(const ChildProcess&) = delete;

    // SIGINT; what is still there after the grace is killed.
    void cancel();
    void pause();
    void resume();

    // Whole lines from standard error since the last call.
    [[nodiscard]] std::vector<std::string> take_lines();
    // Once it has ended, and everything that it printed has been read.
    [[nodiscard]] const std::optional<ChildEnd>& end();
    [[nodiscard]] pid_t process() const { return process_; }

private:
    void read(const std::function<void()>& wake);
    void signal_group(int signal);

    struct File {
        File() = default;
        explicit File(int open) : descriptor(open) {}
        File(File&& other) noexcept;
        File& operator=(File&& other) noexcept;
        ~File();
        void close();
        int descriptor = -1;
    };
    struct Pipe {
        File read_end, write_end;
    };
    static Pipe new_pipe();
    void start(const std::vector<std::string>& command, const File& output, const File& errors);

    const std::chrono::milliseconds grace_;
    pid_t process_ = -1;
    File output_, errors_, handle_, cancel_reader_, cancel_writer_;
    std::mutex mutex_;
    std::vector<std::string> lines_;  // guarded by mutex_, as the next two
    std::optional<ChildEnd> ended_;
    bool reaped_ = false;
    std::optional<ChildEnd> end_;
    std::jthread reader_;  // last: it ends before what it uses
};

}  // namespace annotator
