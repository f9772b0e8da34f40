#pragma once

#include <nlohmann/json.hpp>
#include <sys/types.h>

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "tests/support/temporary_folder.h"

// The program that is built beside the tests, run as a user runs it.
namespace tests {

struct Outcome {
    int code = -1;  // the exit code; -1 when a signal ended it
    std::string out, err;
    double seconds = 0;

    // The one JSON document on standard output. Throws when there is another number of them.
    [[nodiscard]] nlohmann::json json() const { return nlohmann::json::parse(out); }
};

using Arguments = std::vector<std::string>;

// Runs it to its end, with `input` on standard input.
Outcome kinetograph(const Arguments& arguments, const std::string& input = "");
// The same with --json; throws with what it said when it exits with neither 0 nor 3.
nlohmann::json answer(Arguments arguments, const std::string& input = "");

// A run in the background; ended at the latest with this object.
class Running {
public:
    explicit Running(const Arguments& arguments);
    ~Running();
    Running(const Running&) = delete;
    Running& operator=(const Running&) = delete;

    void kill() const;
    // Waits for its end: whether it came by itself and without an error.
    bool finished_well();
    // What it said of errors until now.
    [[nodiscard]] std::string complaints() const;

private:
    TemporaryFolder folder_;
    pid_t process_;
};

// Programs that a sanitizer watches are several times slower; waiting for them takes that many times longer.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
inline constexpr double patience = 6;
#else
inline constexpr double patience = 1;
#endif
void pause(double seconds);
// Looks every 50 ms. Whether it came true in that time.
bool wait_until(const std::function<bool()>& holds, double at_most_seconds);

// A file system in memory of its own, where the tests run as root and may mount one.
class MemoryDisk {
public:
    explicit MemoryDisk(const std::string& size);
    ~MemoryDisk();
    MemoryDisk(const MemoryDisk&) = delete;
    MemoryDisk& operator=(const MemoryDisk&) = delete;

    [[nodiscard]] bool mounted() const { return mounted_; }
    [[nodiscard]] bool make_read_only() const;
    [[nodiscard]] const std::filesystem::path& path() const { return folder_; }

private:
    std::filesystem::path folder_;
    bool mounted_ = false;
};

}  // namespace tests
