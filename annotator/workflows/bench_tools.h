#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

// What benchmarks are made with.
namespace annotator {

double seconds_of(const std::function<void()>& work);

// The value below which that share of them lies; at least one value.
double quantile_of(std::vector<double> values, double share);
double median_of(std::vector<double> values);

// A folder of its own that is gone afterwards.
class Workplace {
public:
    Workplace();
    ~Workplace();
    Workplace(const Workplace&) = delete;
    Workplace& operator=(const Workplace&) = delete;

    std::filesystem::path folder;
};

// For a shell, whatever is in the text.
std::string quoted(const std::string& text);
// What a shell command prints, its complaints left out; nullopt when it fails or is not installed.
std::optional<std::string> output_of(const std::string& command);

// A program that runs meanwhile, ended when this goes.
class Companion {
public:
    explicit Companion(const std::string& command);
    ~Companion();
    Companion(const Companion&) = delete;
    Companion& operator=(const Companion&) = delete;

    [[nodiscard]] bool is_running();

private:
    int process_ = -1;  // -1: none, or ended
};

}  // namespace annotator
