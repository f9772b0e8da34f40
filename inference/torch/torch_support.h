#pragma once

#include <torch/torch.h>

#include <cstdint>
#include <mutex>
#include <span>
#include <string>
#include <vector>

#include "inference/model_family.h"

// Everything that depends on LibTorch's build and version. Written against 1.13 and used
// with 2.x unchanged but for what is said here.
namespace inference {

// automatic: CUDA where it works, else the processor. Throws std::runtime_error when CUDA
// is asked for and there is none.
torch::Device torch_device(Device wanted);

// LibTorch's own threads, so many of them for as long as it lives. LibTorch's default would be 1 or all cores,
// depending on the build.
class Threads {
public:
    explicit Threads(int count) : before_(torch::get_num_threads()) { torch::set_num_threads(count); }
    ~Threads() { torch::set_num_threads(before_); }
    Threads(const Threads&) = delete;
    Threads& operator=(const Threads&) = delete;

private:
    int before_;
};

// Makes LibTorch run every operation on the calling thread alone; parallel work is split by samples instead, which
// needs one synchronisation a pass and not one an operation.
class SingleThreaded : public Threads {
public:
    SingleThreaded() : Threads(1) {}
};

// From now on what this process frees stays with it and is used again. A training step frees and asks for hundreds of
// megabytes; pages that come new from the system for each of them are a quarter of its time.
//
// Thread: any.
void keep_freed_memory();

// Held while something depends on the one generator that LibTorch has: first weights, and what is drawn in
// pre-training.
std::mutex& generator_in_use();

// The file name of the library that multiplies matrices, "" where it cannot be told.
std::string blas_library();

std::string torch_description();
// A message where matrix products take many times as long as they should.
std::vector<std::string> torch_warnings();

// The numbers of a tensor that lies on the processor in one piece.
inline std::span<const float> span_of(const torch::Tensor& tensor) {
    return {tensor.data_ptr<float>(), static_cast<std::size_t>(tensor.numel())};
}

// c10::Error prints a stack trace after its first line; a person needs that line only.
std::string first_line(const std::exception& error);

}  // namespace inference
