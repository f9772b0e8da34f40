#include "tests/scenarios/program.h"

#include <fcntl.h>
#include <sys/mount.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <cstdlib>
#include <stdexcept>
#include <thread>

#include "tests/support/recording_files.h"

namespace tests {

namespace fs = std::filesystem;

namespace {

std::string program() { return (fs::read_symlink("/proc/self/exe").parent_path() / "kinetograph").string(); }

void redirect(const char* file, int flags, int to) {
    const int opened = open(file, flags, 0600);
    if (opened < 0 || dup2(opened, to) < 0) _exit(126);
}

// Mesa's driver is unloaded before the program ends, and LeakSanitizer takes what it holds in its own variables for
// lost. Loaded from the start, it stays.
void keep_driver_loaded() {
#if defined(__SANITIZE_ADDRESS__)
    constexpr const char* driver = "/usr/lib/x86_64-linux-gnu/dri/swrast_dri.so";
    if (access(driver, R_OK) != 0) return;
    const char* const options = std::getenv("ASAN_OPTIONS");
    setenv("ASAN_OPTIONS", (std::string(options != nullptr ? options : "") + ":verify_asan_link_order=0").c_str(), 1);
    setenv("LD_PRELOAD", driver, 1);
#endif
}

pid_t started(const Arguments& arguments, const std::string& in, const std::string& out, const std::string& err) {
    const std::string file = program();
    std::vector<char*> words{const_cast<char*>(file.c_str())};
    for (const std::string& argument : arguments) words.push_back(const_cast<char*>(argument.c_str()));
    words.push_back(nullptr);
    const pid_t process = fork();
    if (process < 0) throw std::runtime_error("the program cannot be started");
    if (process > 0) return process;
    redirect(in.c_str(), O_RDONLY, STDIN_FILENO);
    redirect(out.c_str(), O_WRONLY | O_CREAT | O_TRUNC, STDOUT_FILENO);
    redirect(err.c_str(), O_WRONLY | O_CREAT | O_TRUNC, STDERR_FILENO);
    keep_driver_loaded();
    execv(file.c_str(), words.data());
    _exit(127);
}

int exit_code_of(pid_t process) {
    int status = 0;
    waitpid(process, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

}  // namespace

Outcome kinetograph(const Arguments& arguments, const std::string& input) {
    const TemporaryFolder folder;
    const auto in = write_file(folder, "in", input), out = folder.path() / "out", err = folder.path() / "err";
    const auto start = std::chrono::steady_clock::now();
    Outcome outcome;
    outcome.code = exit_code_of(started(arguments, in.string(), out.string(), err.string()));
    outcome.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    outcome.out = bytes_of(out);
    outcome.err = bytes_of(err);
    if (outcome.code == 127) throw std::runtime_error(program() + ": is not there; build the target kinetograph");
    return outcome;
}

nlohmann::json answer(Arguments arguments, const std::string& input) {
    arguments.emplace_back("--json");
    const Outcome outcome = kinetograph(arguments, input);
    if (outcome.code != 0 && outcome.code != 3)
        throw std::runtime_error("kinetograph " + arguments.front() + " exits with " + std::to_string(outcome.code) +
                                 ": " + outcome.err);
    return outcome.json();
}

Running::Running(const Arguments& arguments)
    : process_(started(arguments, "/dev/null", "/dev/null", (folder_.path() / "err").string())) {}

Running::~Running() {
    kill();
    finished_well();
}

void Running::kill() const {
    if (process_ > 0) ::kill(process_, SIGKILL);
}

bool Running::finished_well() {
    if (process_ <= 0) return false;
    const bool well = exit_code_of(process_) == 0;
    process_ = 0;
    return well;
}

std::string Running::complaints() const { return text_in(folder_.path() / "err"); }

void pause(double seconds) { std::this_thread::sleep_for(std::chrono::duration<double>(patience * seconds)); }

bool wait_until(const std::function<bool()>& holds, double at_most_seconds) {
    const auto end = std::chrono::steady_clock::now() + std::chrono::duration<double>(patience * at_most_seconds);
    while (std::chrono::steady_clock::now() < end) {
        if (holds()) return true;
        std::this_thread::sleep_for(std::chrono::milliseconds(50));
    }
    return holds();
}

MemoryDisk::MemoryDisk(const std::string& size) {
    std::string pattern = (fs::temp_directory_path() / "kinetograph-disk-XXXXXX").string();
    if (mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("no temporary folder could be made");
    folder_ = pattern;
    mounted_ = mount("tmpfs", folder_.c_str(), "tmpfs", 0, ("size=" + size).c_str()) == 0;
}

MemoryDisk::~MemoryDisk() {
    if (mounted_) umount2(folder_.c_str(), MNT_DETACH);
    std::error_code ignored;
    fs::remove(folder_, ignored);
}

bool MemoryDisk::make_read_only() const {
    return mounted_ && mount("tmpfs", folder_.c_str(), "tmpfs", MS_REMOUNT | MS_RDONLY, nullptr) == 0;
}

}  // namespace tests
