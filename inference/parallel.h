#pragma once

#include <cstddef>
#include <functional>
#include <stop_token>

// Before a function whose loops are worth it: compiled for several processors, the fitting
// one is chosen when the program starts. Sums keep their order, so results are the same
// on all of them.
#if defined(__x86_64__) && !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
#define KINETOGRAPH_VECTORISED \
    __attribute__((target_clones("avx512f", "avx2", "default"), optimize("O3", "no-math-errno", "no-trapping-math")))
#else
#define KINETOGRAPH_VECTORISED
#endif

namespace inference {

// The number of threads to use where `wanted` were asked for: 0 means one a core.
int thread_count(int wanted);

// Calls `work` once for every index below `count`, in any order, on `threads` threads
// (0: one a core). The first exception ends it and is thrown here. False when stopped
// before all was done.
bool for_each_index(std::size_t count, int threads, std::stop_token stop, const std::function<void(std::size_t)>& work);

}  // namespace inference
