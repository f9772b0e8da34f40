#include "annotator/jobs/child_process.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <iterator>
#include <string_view>
#include <system_error>
#include <utility>

namespace annotator {

namespace {

using Clock = std::chrono::steady_clock;

[[noreturn]] void fail(const std::string& what) { throw std::system_error(errno, std::generic_category(), what); }

// Between fork and exec nothing may be called that takes a lock. Ignored and blocked signals are passed on by exec.
[[noreturn]] void become(char* const* arguments, pid_t parent, int output, int errors) {
    setpgid(0, 0);
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != parent) _exit(127);
    const int input = open("/dev/null", O_RDONLY);
    dup2(input, STDIN_FILENO);
    dup2(output, STDOUT_FILENO);
    dup2(errors, STDERR_FILENO);
    // Not everything that this process was given by its own parent is closed by exec.
    close_range(STDERR_FILENO + 1, ~0U, 0);
    for (const int each : {SIGINT, SIGTERM, SIGPIPE, SIGUSR1, SIGHUP}) ::signal(each, SIG_DFL);
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, nullptr);
    execv(arguments[0], arguments);
    constexpr std::string_view text = "the program cannot be started\n";
    [[maybe_unused]] const auto written = write(STDERR_FILENO, text.data(), text.size());
    _exit(127);
}

// False at its end. Takes what is there and does not wait.
bool take_from(int descriptor, std::string& text) {
    std::array<char, 16384> block;
    for (;;) {
        const ssize_t size = read(descriptor, block.data(), block.size());
        if (size > 0)
            text.append(block.data(), static_cast<std::size_t>(size));
        else if (size == 0)
            return false;
        else if (errno != EINTR)
            return errno == EAGAIN;
    }
}

// Moves whole lines out of the text; at the end of the stream the rest, too.
std::vector<std::string> lines_out_of(std::string& text, bool ended) {
    std::vector<std::string> lines;
    std::size_t begin = 0;
    for (std::size_t end; (end = text.find('\n', begin)) != std::string::npos; begin = end + 1)
        lines.push_back(text.substr(begin, end - begin));
    text.erase(0, begin);
    if (ended && !text.empty()) lines.push_back(std::exchange(text, {}));
    return lines;
}

}  // namespace

ChildProcess::File::File(File&& other) noexcept : descriptor(std::exchange(other.descriptor, -1)) {}
ChildProcess::File& ChildProcess::File::operator=(File&& other) noexcept {
    std::swap(descriptor, other.descriptor);
    return *this;
}
ChildProcess::File::~File() { close(); }
void ChildProcess::File::close() {
    if (descriptor >= 0) ::close(descriptor);
    descriptor = -1;
}

ChildProcess::Pipe ChildProcess::new_pipe() {
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0) fail("no pipe to a child process");
    return {File(ends[0]), File(ends[1])};
}

ChildProcess::ChildProcess(const std::vector<std::string>& command, std::function<void()> wake,
                           std::chrono::milliseconds grace)
    : grace_(grace) {
    Pipe output = new_pipe(), errors = new_pipe(), control = new_pipe();
    start(command, output.write_end, errors.write_end);
    output_ = std::move(output.read_end);
    errors_ = std::move(errors.read_end);
    cancel_reader_ = std::move(control.read_end);
    cancel_writer_ = std::move(control.write_end);
    for (const int descriptor : {output_.descriptor, errors_.descriptor}) fcntl(descriptor, F_SETFL, O_NONBLOCK);
    reader_ = std::jthread([this, wake = std::move(wake)] { read(wake); });
}

ChildProcess::~ChildProcess() { cancel(); }

void ChildProcess::start(const std::vector<std::string>& command, const File& output, const File& errors) {
    std::vector<char*> arguments;
    for (const std::string& argument : command) arguments.push_back(const_cast<char*>(argument.c_str()));
    arguments.push_back(nullptr);
    const pid_t parent = getpid();
    // A signal for the child that comes before it has become the program is not for our handlers.
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    process_ = fork();
    if (process_ != 0) pthread_sigmask(SIG_SETMASK, &before, nullptr);
    if (process_ < 0) fail("no child process");
    if (process_ == 0) become(arguments.data(), parent, output.descriptor, errors.descriptor);
    setpgid(process_, process_);  // here as well: a signal may come before the child has done it
    handle_ = File(static_cast<int>(::syscall(SYS_pidfd_open, process_, 0)));
    if (handle_.descriptor >= 0) return;
    const int error = errno;
    ::kill(process_, SIGKILL);
    waitpid(process_, nullptr, 0);
    throw std::system_error(error, std::generic_category(), "a child process cannot be watched");
}

// Not after it was waited for: its number may be another's by then.
void ChildProcess::signal_group(int signal) {
    const std::scoped_lock lock(mutex_);
    if (!reaped_) kill(-process_, signal);
}

void ChildProcess::cancel() {
    signal_group(SIGINT);
    signal_group(SIGCONT);
    const char one = 1;
    [[maybe_unused]] const auto written = write(cancel_writer_.descriptor, &one, 1);
}

void ChildProcess::pause() { signal_group(SIGSTOP); }
void ChildProcess::resume() { signal_group(SIGCONT); }

std::vector<std::string> ChildProcess::take_lines() {
    const std::scoped_lock lock(mutex_);
    return std::exchange(lines_, {});
}

const std::optional<ChildEnd>& ChildProcess::end() {
    const std::scoped_lock lock(mutex_);
    if (ended_) end_ = std::exchange(ended_, std::nullopt);
    return end_;
}

void ChildProcess::read(const std::function<void()>& wake) {
    ChildEnd end;
    std::string text;
    std::optional<Clock::time_point> deadline;
    std::array<pollfd, 4> watched{{{output_.descriptor, POLLIN, 0},
                                   {errors_.descriptor, POLLIN, 0},
                                   {handle_.descriptor, POLLIN, 0},
                                   {cancel_reader_.descriptor, POLLIN, 0}}};
    for (bool running = true; running;) {
        int wait = -1;
        if (deadline)
            wait = static_cast<int>(std::max<std::int64_t>(
                0, std::chrono::duration_cast<std::chrono::milliseconds>(*deadline - Clock::now()).count()));
        const int ready = poll(watched.data(), watched.size(), wait);
        if (ready < 0) continue;  // a signal came
        if (ready == 0) {
            signal_group(SIGKILL);
            deadline.reset();
            watched[3].fd = -1;
        }
        if (watched[3].fd >= 0 && watched[3].revents != 0) {
            deadline = Clock::now() + grace_;
            watched[3].fd = -1;  // one cancellation is enough
        }
        running = watched[2].revents == 0;
        if (watched[0].fd >= 0 && !take_from(watched[0].fd, end.output)) watched[0].fd = -1;
        if (watched[1].fd >= 0 && !take_from(watched[1].fd, text)) watched[1].fd = -1;
        auto lines = lines_out_of(text, !running);
        if (lines.empty()) continue;
        {
            const std::scoped_lock lock(mutex_);
            std::ranges::move(lines, std::back_inserter(lines_));
        }
        wake();
    }
    {
        const std::scoped_lock lock(mutex_);
        kill(-process_, SIGKILL);  // what it may have left behind
        int status = 0;
        waitpid(process_, &status, 0);
        reaped_ = true;
        if (WIFEXITED(status)) end.code = WEXITSTATUS(status);
        if (WIFSIGNALED(status)) end.signal = WTERMSIG(status);
        ended_ = std::move(end);
    }
    wake();
}

}  // namespace annotator
