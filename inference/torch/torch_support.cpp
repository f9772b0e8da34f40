#include "inference/torch/torch_support.h"

#include <dlfcn.h>
#include <malloc.h>
#include <time.h>
#include <torch/version.h>

#include <filesystem>
#include <limits>
#include <thread>

namespace inference {

namespace {

// Of the processor, so that other programs do not count.
double thread_seconds() {
    timespec now{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}

double seconds_of_product() {
    const torch::NoGradGuard guard;
    const torch::Tensor a = torch::ones({512, 512});
    torch::mm(a, a);
    const double start = thread_seconds();
    torch::mm(a, a);
    return thread_seconds() - start;
}

}  // namespace

torch::Device torch_device(Device wanted) {
    const bool available = wanted != Device::cpu && torch::cuda::is_available();
    if (wanted == Device::cuda && !available)
        throw std::runtime_error("CUDA was asked for, but this LibTorch finds no CUDA device. Use --device cpu.");
    return available ? torch::Device(torch::kCUDA) : torch::Device(torch::kCPU);
}

void keep_freed_memory() {
    mallopt(M_MMAP_MAX, 0);
    mallopt(M_TRIM_THRESHOLD, std::numeric_limits<int>::max());
}

std::mutex& generator_in_use() {
    static std::mutex mutex;
    return mutex;
}

std::string blas_library() {
    // NOLINTNEXTLINE(concurrency-mt-unsafe)
    void* symbol = dlsym(RTLD_DEFAULT, "sgemm_");
    if (symbol == nullptr) {
        void* library = dlopen("libblas.so.3", RTLD_NOW | RTLD_NOLOAD);
        if (library != nullptr) symbol = dlsym(library, "sgemm_");
    }
    Dl_info info{};
    if (symbol == nullptr || dladdr(symbol, &info) == 0 || info.dli_fname == nullptr) return {};
    std::error_code error;
    const auto path = std::filesystem::canonical(info.dli_fname, error);
    return error ? std::string(info.dli_fname) : path.string();
}

std::string torch_description() {
    return "LibTorch " TORCH_VERSION ", BLAS " + blas_library() + ", " +
           std::to_string(std::thread::hardware_concurrency()) + " cores, " +
           (torch::cuda::is_available() ? "CUDA" : "no CUDA");
}

std::vector<std::string> torch_warnings() {
    // 512^3 multiply-adds: OpenBLAS needs 2-6 ms on one core, the reference BLAS 40 and more.
    const double seconds = std::min(seconds_of_product(), seconds_of_product());
    if (seconds < 0.02) return {};
    return {"Matrix products are slow here (" + std::to_string(static_cast<int>(seconds * 1000)) + " ms for 512x512" +
            (blas_library().empty() ? "" : " in " + blas_library()) +
            "), so training takes many times as long. Install libopenblas0-pthread."};
}

std::string first_line(const std::exception& error) {
    const std::string text = error.what();
    return text.substr(0, text.find('\n'));
}

}  // namespace inference
