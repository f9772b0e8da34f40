#pragma once

#include <doctest/doctest.h>

#include <chrono>
#include <filesystem>
#include <stdexcept>
#include <string>
#include <vector>

#include "inference/model_family.h"

// What tests of model families begin with.
namespace inference_tests {

// The module is not part of every build.
inline bool has_engine() {
    try {
        inference::engine();
        return true;
    } catch (const std::runtime_error& error) {
        MESSAGE(std::string(error.what()));
        return false;
    }
}

inline std::vector<std::string> names(std::size_t count) {
    std::vector<std::string> labels;
    for (std::size_t i = 0; i < count; ++i) labels.push_back("步 " + std::to_string(i));
    return labels;
}

inline inference::TrainOptions quick(int steps = 60) {
    inference::TrainOptions options;
    options.seed = 3;
    options.steps = steps;
    options.threads = 1;
    options.device = inference::Device::cpu;
    return options;
}

struct ScratchFile {
    std::filesystem::path path = std::filesystem::temp_directory_path() /
                                 ("kinetograph_engine_test_" +
                                  std::to_string(std::chrono::steady_clock::now().time_since_epoch().count()) + ".pt");
    ~ScratchFile() { std::filesystem::remove(path); }
};

}  // namespace inference_tests
