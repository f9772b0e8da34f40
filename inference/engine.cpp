#include <dlfcn.h>

#include <cstdlib>
#include <filesystem>
#include <stdexcept>
#include <string>
#include <vector>

#include "inference/module.h"

namespace inference {

namespace {

constexpr const char* module_file = "libkinetograph_inference.so";

std::filesystem::path program_folder() {
    std::error_code error;
    const std::filesystem::path program = std::filesystem::read_symlink("/proc/self/exe", error);
    return error ? std::filesystem::current_path() : program.parent_path();
}

std::filesystem::path module_path() {
    const char* named = std::getenv("KINETOGRAPH_INFERENCE_MODULE");
    if (named != nullptr && *named != '\0') return named;
    return program_folder() / module_file;
}

// Both libraries read these when they are loaded, so they must be set before that. Two
// pools of threads fight over the cores, and spinning threads starve a busy machine.
void prepare_environment() {
    setenv("OPENBLAS_NUM_THREADS", "1", 0);
    setenv("OMP_WAIT_POLICY", "passive", 0);
}

Engine& open_module() {
    const std::filesystem::path path = module_path();
    if (!std::filesystem::exists(path))
        throw std::runtime_error(
            path.string() +
            ": the module that trains and predicts is missing. Build it with -DKINETOGRAPH_TORCH=ON "
            "(package libtorch-dev), or name it in KINETOGRAPH_INFERENCE_MODULE.");
    prepare_environment();
    // NOLINTNEXTLINE(concurrency-mt-unsafe)
    void* module = dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
    if (module == nullptr) {
        const char* reason = dlerror();  // NOLINT(concurrency-mt-unsafe)
        throw std::runtime_error(path.string() + ": the module that trains and predicts cannot be opened: " +
                                 (reason != nullptr ? reason : "no reason given") +
                                 ". Install libtorch-dev and libopenblas0-pthread.");
    }
    const auto open = reinterpret_cast<OpenModule>(dlsym(module, module_entry));
    Engine* engine = open == nullptr ? nullptr : open(module_version);
    if (engine == nullptr)
        throw std::runtime_error(path.string() +
                                 ": this module was built for another version of the program. Build both again.");
    return *engine;
}

}  // namespace

Engine& engine() {
    static Engine& opened = open_module();
    return opened;
}

}  // namespace inference
