#include "annotator/workflows/bench_tools.h"

#include <spawn.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <stdexcept>

namespace annotator {

double seconds_of(const std::function<void()>& work) {
    const auto start = std::chrono::steady_clock::now();
    work();
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

double quantile_of(std::vector<double> values, double share) {
    const auto place = static_cast<std::ptrdiff_t>(share * static_cast<double>(values.size() - 1) + 0.5);
    std::ranges::nth_element(values, values.begin() + place);
    return values[static_cast<std::size_t>(place)];
}

double median_of(std::vector<double> values) { return quantile_of(std::move(values), 0.5); }

Workplace::Workplace() {
    std::string pattern = (std::filesystem::temp_directory_path() / "kinetograph-bench-XXXXXX").string();
    if (mkdtemp(pattern.data()) == nullptr)
        throw std::runtime_error(pattern + ": no folder for the benchmark could be made");
    folder = pattern;
}

Workplace::~Workplace() {
    std::error_code ignored;
    remove_all(folder, ignored);
}

std::string quoted(const std::string& text) {
    std::string result = "'";
    for (const char letter : text) result += letter == '\'' ? "'\\''" : std::string(1, letter);
    return result + "'";
}

std::optional<std::string> output_of(const std::string& command) {
    FILE* const pipe = popen((command + " 2> /dev/null").c_str(), "r");
    if (pipe == nullptr) return std::nullopt;
    std::string text;
    std::array<char, 4096> part{};
    while (std::fgets(part.data(), part.size(), pipe) != nullptr) text += part.data();
    if (pclose(pipe) != 0) return std::nullopt;
    return text;
}

Companion::Companion(const std::string& command) {
    const std::string line = "exec " + command + " > /dev/null 2>&1";
    std::array<std::string, 3> words{"sh", "-c", line};
    std::array<char*, 4> arguments{words[0].data(), words[1].data(), words[2].data(), nullptr};
    if (posix_spawn(&process_, "/bin/sh", nullptr, nullptr, arguments.data(), environ) != 0) process_ = -1;
}

Companion::~Companion() {
    if (!is_running()) return;
    kill(process_, SIGTERM);
    waitpid(process_, nullptr, 0);
}

bool Companion::is_running() {
    if (process_ != -1 && waitpid(process_, nullptr, WNOHANG) != 0) process_ = -1;
    return process_ != -1;
}

}  // namespace annotator
