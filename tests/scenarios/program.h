#pragma once

#include <nlohmann/json.hpp>
#include <sys/types.h>

#include <filesystem>
#include <string>
#include <vector>

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

// A run in the background, its output thrown away; ended at the latest with this object.
class Running {
public:
    explicit Running(const Arguments& arguments);
    ~Running();
    Running(const Running&) = delete;
    Running& operator=(const Running&) = delete;

    void kill() const;
    // Waits for its end: whether it came by itself and without an error.
    bool finished_well();

private:
    pid_t process_;
};

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
